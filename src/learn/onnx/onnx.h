/* Models as ONNX files, for other programs to run. docs/onnx.md describes what is written. */
#ifndef MECH_LEARN_ONNX_ONNX_H
#define MECH_LEARN_ONNX_ONNX_H

#include "learn/model/model.h"

/* The operator set that the files are written for: the first one with all operators that are used. */
enum { ONNX_OPERATOR_SET = 14 };

/* Appends the bytes of the model's ONNX file to *bytes. They follow from the model alone. */
mech_status mech_onnx_serialise(const mech_model *model, mech_precision precision, text *bytes, mech_error *error);

#endif
