# A room is a folder: its .cpp files become one static library, its tests one program.
#   x.cpp        belongs to the library dropsmith_<room>
#   x_test.cpp   GoogleTest, linked into <room>_tests, one ctest entry; those that include base/sized_testing.h run
#                larger without a sanitizer and make up <room>_full_tests of the release build
#   x_bench.cpp  Google Benchmark, linked into <room>_bench, run small by ctest
#   x_fuzz.cpp   defines LLVMFuzzerTestOneInput; a program of its own in the presets `debug` and `fuzz`
#   x.sql        (edge only) becomes "<path>.sql.h", see tools/embed_sql.py
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_custom_target(tests_all)   # all that ctest runs, and what it needs
add_custom_target(room_tests)  # the rooms' unit tests; under TSan only of the rooms where threads meet
add_dependencies(tests_all room_tests)
add_custom_target(fuzzers)  # and, whatever the targets, base and model must compile with clang too
# What the sanitizers are for (docs/decisions/0141-what-sanitizers-build.md): ASan and UBSan every room, of those below
# only what their unit tests reach, since the rest is templates and wiring; TSan the rooms where threads meet.
set(DROPSMITH_RACE_ROOMS base engine sqlite)
set(DROPSMITH_UNTESTED_http "routes.*|openapi|docs_pages|measure|requests_import|studies|stream|router|metrics")
set(DROPSMITH_NUMERIC_decide belief.cpp bid_price.cpp hypotheses.cpp price_law.cpp)

# Half of compiling is reading the same headers (docs/decisions/0190-headers-read-once.md): three sets are read once and
# shared. The fuzz preset goes without, so that a file that forgets an include is still found there.
function(dropsmith_precompiled_headers)
    if(NOT DROPSMITH_PRECOMPILED)
        return()
    endif()
    set(standard <algorithm> <array> <charconv> <chrono> <cmath> <cstdint> <cstring> <functional> <map> <memory>
                 <mutex> <optional> <set> <span> <string> <string_view> <utility> <variant> <vector>)
    set(source ${CMAKE_SOURCE_DIR}/src)
    set(rooms ${source}/base/json.h ${source}/base/text.h ${source}/model/state.h)
    set(http ${source}/edge/http/handling.h ${source}/edge/http/routes.h)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/empty/precompiled.cpp CONTENT "")
    foreach(set rooms http tests)
        add_library(precompiled_${set} STATIC EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/generated/empty/precompiled.cpp)
        target_link_libraries(precompiled_${set} PRIVATE dropsmith_options ${ARGV})
        if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
            # clang looks again at the files that it read, by their full path: one from ccache may name another's.
            set_target_properties(precompiled_${set} PROPERTIES CXX_COMPILER_LAUNCHER "")
        endif()
    endforeach()
    target_link_libraries(precompiled_tests PRIVATE GTest::gtest_main)
    set_target_properties(precompiled_tests PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(precompiled_tests PRIVATE -fPIE)  # as programs are compiled
    target_precompile_headers(precompiled_rooms PRIVATE ${standard} ${rooms})
    target_precompile_headers(precompiled_http PRIVATE ${standard} ${rooms} ${http})
    target_precompile_headers(precompiled_tests PRIVATE ${standard} ${rooms} <gtest/gtest.h>)
endfunction()

function(dropsmith_precompiled target room)
    if(NOT DROPSMITH_PRECOMPILED OR room MATCHES "^(base|model)$")
        return()
    endif()
    if(room MATCHES "^(http|tests)$")
        target_precompile_headers(${target} REUSE_FROM precompiled_${room})
    else()
        target_precompile_headers(${target} REUSE_FROM precompiled_rooms)
    endif()
endfunction()

function(dropsmith_room room folder)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "LIBRARY" "LINKS")
    set(library ${arg_LIBRARY})
    if(NOT library)
        set(library dropsmith_${room})
    endif()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
    set(tests ${sources})
    set(benches ${sources})
    set(fuzzers ${sources})
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
    list(FILTER benches INCLUDE REGEX "_bench\\.cpp$")
    list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
    list(FILTER sources EXCLUDE REGEX "_(test|bench|fuzz)\\.cpp$|/main\\.cpp$")
    dropsmith_sql(${folder} sql_headers)

    if(NOT sources)  # a room still empty is a library all the same
        file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/empty/${library}.cpp CONTENT "")
        set(sources ${CMAKE_BINARY_DIR}/generated/empty/${library}.cpp)
    endif()
    if(DROPSMITH_KIND STREQUAL "debug" AND DEFINED DROPSMITH_NUMERIC_${room})
        # Loops over a few hundred numbers, which without optimisation take most of the room's tests' time.
        list(TRANSFORM DROPSMITH_NUMERIC_${room} PREPEND ${CMAKE_SOURCE_DIR}/${folder}/ OUTPUT_VARIABLE numeric)
        set_source_files_properties(${numeric} PROPERTIES
            COMPILE_OPTIONS -O1 SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
    add_library(${library} STATIC ${sources} ${sql_headers})
    target_link_libraries(${library} PUBLIC dropsmith_options ${arg_LINKS} Threads::Threads)
    dropsmith_precompiled(${library} ${room})

    if(tests AND NOT DROPSMITH_KIND STREQUAL "fuzz")
        add_executable(${room}_tests ${tests})
        set(tested ${library})
        if(DROPSMITH_KIND STREQUAL "debug" AND DEFINED DROPSMITH_UNTESTED_${room})
            set(tested ${library}_tested)
            list(FILTER sources EXCLUDE REGEX "/(${DROPSMITH_UNTESTED_${room}})\\.cpp$")
            add_library(${tested} STATIC ${sources} ${sql_headers})
            target_link_libraries(${tested} PUBLIC dropsmith_options ${arg_LINKS} Threads::Threads)
            dropsmith_precompiled(${tested} ${room})
        endif()
        if(NOT room STREQUAL "base")
            dropsmith_precompiled(${room}_tests tests)
        endif()
        dropsmith_unit_tests(${room} ${room}_tests unit ${tested})
        if(DROPSMITH_KIND STREQUAL "release")
            # `all` takes the full sizes only: the rest is run under the sanitizers (and by `./test quick`).
            set_target_properties(${room}_tests PROPERTIES EXCLUDE_FROM_ALL ON)
            set(full "")
            foreach(test ${tests})
                file(STRINGS ${test} is_sized LIMIT_COUNT 1 REGEX "base/sized_testing\\.h")
                if(is_sized)
                    list(APPEND full ${test})
                endif()
            endforeach()
            if(full)
                add_executable(${room}_full_tests ${full})
                if(NOT room STREQUAL "base")
                    dropsmith_precompiled(${room}_full_tests tests)
                endif()
                dropsmith_unit_tests(${room}.full ${room}_full_tests full ${library})
            endif()
        endif()
        if(NOT DROPSMITH_KIND STREQUAL "race" OR room IN_LIST DROPSMITH_RACE_ROOMS)
            add_dependencies(room_tests ${room}_tests)
        endif()
    endif()
    if(benches AND DROPSMITH_KIND MATCHES "release|dev")
        add_executable(${room}_bench ${benches})
        target_link_libraries(${room}_bench PRIVATE ${library} benchmark::benchmark_main)
        add_test(NAME bench.${room} COMMAND ${room}_bench --benchmark_min_time=0.01
                 WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
        set_tests_properties(bench.${room} PROPERTIES LABELS bench TIMEOUT 300)
    endif()
    if(fuzzers AND DROPSMITH_KIND MATCHES "debug|fuzz")
        foreach(fuzzer ${fuzzers})
            get_filename_component(name ${fuzzer} NAME_WE)
            dropsmith_fuzzer(${room}_${name} ${fuzzer} ${library})
        endforeach()
    endif()
endfunction()

# One ctest entry for one program of unit tests.
function(dropsmith_unit_tests name program label library)
    target_link_libraries(${program} PRIVATE ${library} GTest::gtest_main rapidcheck)
    target_include_directories(${program} PRIVATE ${CMAKE_SOURCE_DIR})
    add_test(NAME ${name} COMMAND ${program} --gtest_brief=1 WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 600)
    if(room MATCHES "^(sim|decide|http|measure)$")
        set_tests_properties(${name} PROPERTIES COST 100)  # the longest first, so that none is left alone at the end
    endif()
endfunction()

# One libFuzzer program: a few seconds in ctest, for as long as one likes by hand. Findings stay in the build folder.
function(dropsmith_fuzzer name file library)
    add_executable(${name} ${file})
    target_link_libraries(${name} PRIVATE ${library})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set(corpus ${CMAKE_BINARY_DIR}/corpus/${name})
    file(MAKE_DIRECTORY ${corpus})
    add_test(NAME fuzz.${name} COMMAND ${name} -max_total_time=5 -seed=1 -timeout=10 -rss_limit_mb=2048
             -artifact_prefix=${corpus}- ${corpus})
    set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 120)
    add_dependencies(fuzzers ${name})
endfunction()

# The edge: every folder under src/edge is a room dropsmith_edge_<folder>; they may not link each other.
function(dropsmith_edge_rooms)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "LINKS")
    set(edge ${CMAKE_SOURCE_DIR}/src/edge)
    file(GLOB folders CONFIGURE_DEPENDS LIST_DIRECTORIES true RELATIVE ${edge} ${edge}/*)
    set(edges "")
    foreach(folder ${folders})
        if(IS_DIRECTORY ${edge}/${folder})
            dropsmith_room(${folder} src/edge/${folder} LIBRARY dropsmith_edge_${folder} LINKS ${arg_LINKS})
            list(APPEND edges dropsmith_edge_${folder})
        endif()
    endforeach()
    set(DROPSMITH_EDGES ${edges} PARENT_SCOPE)
endfunction()

# The .sql files of a folder, each as a generated header with one constant per named statement.
function(dropsmith_sql folder out)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/${folder}/*.sql)
    set(headers "")
    foreach(file ${files})
        string(REGEX REPLACE "^src/" "" path ${file})
        set(header ${CMAKE_BINARY_DIR}/generated/${path}.h)
        add_custom_command(OUTPUT ${header} DEPENDS ${CMAKE_SOURCE_DIR}/${file} ${CMAKE_SOURCE_DIR}/tools/embed_sql.py
            COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/embed_sql.py ${CMAKE_SOURCE_DIR}/${file} ${header}
            COMMENT "SQL ${file}" VERBATIM)
        list(APPEND headers ${header})
    endforeach()
    set(${out} ${headers} PARENT_SCOPE)
endfunction()

# src/app: everything but main.cpp is a room too, so that it can be tested; main.cpp is the program.
macro(dropsmith_program)
    dropsmith_room(app src/app LINKS ${DROPSMITH_EDGES} dropsmith_sim dropsmith_web)
    if(EXISTS ${CMAKE_SOURCE_DIR}/src/app/main.cpp AND NOT DROPSMITH_KIND STREQUAL "fuzz")
        add_executable(dropsmith src/app/main.cpp)
        target_link_libraries(dropsmith PRIVATE dropsmith_app)
        set_target_properties(dropsmith PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
    endif()
endmacro()

# bench/x.cpp is the program bench_x with a main of its own; `--smoke` runs it small, so that it cannot rot.
# A question with rivals has a folder and a CMakeLists.txt of its own.
function(dropsmith_benches folder)
    if(NOT DROPSMITH_KIND MATCHES "release|dev")
        return()
    endif()
    file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
    foreach(file ${files})
        get_filename_component(name ${file} NAME_WE)
        add_executable(bench_${name} ${file})
        target_link_libraries(bench_${name} PRIVATE dropsmith_app)
        add_test(NAME bench.${name} COMMAND bench_${name} --smoke WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
        set_tests_properties(bench.${name} PROPERTIES LABELS bench TIMEOUT 300)
        add_dependencies(tests_all bench_${name})
    endforeach()
    file(GLOB questions CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*/CMakeLists.txt)
    foreach(question ${questions})
        get_filename_component(question ${question} DIRECTORY)
        add_subdirectory(${question})
    endforeach()
endfunction()
