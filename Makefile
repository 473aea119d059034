# Short names for the scripts; everything is built by CMake (CMakePresets.json).
.PHONY: build demo web web-serve study check bench fuzz format clean
build:
	scripts/install-dependencies
	cmake --preset release
	cmake --build --preset release
demo:
	scripts/demo
# The page in the browser, in build/page.
web: build
	scripts/install-dependencies --tests
	scripts/web build/web
	NODE_PATH=build/node/node_modules scripts/build-web build/web/mechanist.js build/web/mechanist.wasm build/page
web-serve: web
	build/mechanist open
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
