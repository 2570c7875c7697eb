// SwiftPM wants one source file in a C target; the headers are what this target is for.
