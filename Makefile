# Short names for the scripts; everything is built by CMake (CMakePresets.json).
.PHONY: build demo study check bench fuzz format clean
build:
	scripts/install-dependencies
	cmake --preset release
	cmake --build --preset release
demo:
	scripts/demo
study:
	scripts/study
check:
	scripts/check
bench:
	scripts/bench
# Each fuzzer for ten minutes: what runs at night. scripts/check gives each 20 seconds.
fuzz:
	scripts/fuzz 600
format:
	scripts/format
clean:
	rm -rf build
