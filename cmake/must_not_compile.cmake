# What must not compile is tested, beside a twin that must.
#   dropsmith_must_not_compile(NAME FILE)
# FILE compiles as it stands (the twin), and does not when MUST_NOT_COMPILE is defined. The test first proves the twin,
# so that a missing header or a typo cannot pass for a protection. If FILE holds a line `// expect: WORDS`, the
# compiler's message must contain these words.
function(dropsmith_must_not_compile name file)
    cmake_path(ABSOLUTE_PATH file)
    add_test(NAME must_not_compile.${name}
        COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/must_not_compile.py ${file} --
                ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only
                -I${CMAKE_SOURCE_DIR}/src -I${CMAKE_BINARY_DIR}/generated)
    set_tests_properties(must_not_compile.${name} PROPERTIES LABELS must_not_compile TIMEOUT 120)
endfunction()
