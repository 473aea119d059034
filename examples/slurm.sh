#!/bin/sh
# A data set and a network on several nodes of a Slurm cluster: one rank a node, a thread a core (docs/machines.md).
# The folder is on a file system that all nodes see. Submit it again after a time limit: it goes on where it was.
#SBATCH --job-name=mechanist
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=64
#SBATCH --time=04:00:00
#SBATCH --signal=TERM@120
set -eu
folder=${SLURM_SUBMIT_DIR:-.}
threads=${SLURM_CPUS_PER_TASK:-1}

if [ ! -e "$folder/data.h5" ]; then
    srun --cpu-bind=none mechanist generate --train 100000000 --validation 100000 --test 100000 \
        --threads "$threads" --resume -o "$folder/data.h5"
fi
# Sixteen threads in all are what a batch keeps busy: four nodes, four threads each.
srun --cpu-bind=none mechanist train --data "$folder/data.h5" --network hadamard --threads 4 \
    --resume -o "$folder/model.safetensors"
srun --cpu-bind=none mechanist evaluate --data "$folder/data.h5" --model "$folder/model.safetensors" \
    --threads "$threads" --json >"$folder/evaluation.json"
