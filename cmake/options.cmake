# How everything is compiled: the language, the warnings (all of them errors), the sanitizers of each preset,
# and ccache and mold where they are present.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

# Libraries' headers are system headers: their warnings are theirs.
set(CMAKE_NO_SYSTEM_FROM_IMPORTED OFF)

add_library(dropsmith_options INTERFACE)
target_include_directories(dropsmith_options INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
target_compile_options(dropsmith_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wconversion;-Wshadow;-Werror;-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=>)
target_compile_definitions(dropsmith_options INTERFACE
    BOOST_ALLOW_DEPRECATED_HEADERS BOOST_ASIO_NO_DEPRECATED DROPSMITH_VERSION="${PROJECT_VERSION}")

if(DROPSMITH_PRECOMPILED)
    # g++ 12 sees overruns in std::string that are none (GCC 105329, 105651) and, once the library's headers come
    # precompiled, says so as if they were ours. Overruns of ours are AddressSanitizer's to find.
    target_compile_options(dropsmith_options INTERFACE
        $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-array-bounds;-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread>)
endif()

set(sanitize "")
if(DROPSMITH_KIND STREQUAL "release")
    target_compile_options(dropsmith_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fstack-protector-strong>)
    target_compile_definitions(dropsmith_options INTERFACE _FORTIFY_SOURCE=2)
elseif(DROPSMITH_KIND STREQUAL "dev")
    set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
elseif(DROPSMITH_KIND STREQUAL "debug")
    # clang, with what libFuzzer wants to know: the same objects serve the unit tests and the fuzz targets
    # (docs/decisions/0220-each-file-compiled-less-often.md).
    set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1 -fno-omit-frame-pointer")
    # Without the three that look at every pointer: a null one ends in AddressSanitizer's report all the same.
    set(sanitize -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize=null,alignment,vptr
                 -fno-sanitize-recover=all)
    # clang counts this one to -Wconversion, g++ does not.
    target_compile_options(dropsmith_options INTERFACE -Wno-sign-conversion)
elseif(DROPSMITH_KIND STREQUAL "race")
    set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer")
    set(sanitize -fsanitize=thread)
    # g++ 12 warns that TSan does not model atomic_thread_fence; the loop and queues use none, Boost.Asio's headers do.
    target_compile_options(dropsmith_options INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-tsan>)
elseif(DROPSMITH_KIND STREQUAL "fuzz")
    set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer")
    set(sanitize -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all)
else()
    message(FATAL_ERROR "DROPSMITH_KIND is '${DROPSMITH_KIND}': use release, dev, debug, race or fuzz")
endif()
target_compile_options(dropsmith_options INTERFACE ${sanitize})
target_link_options(dropsmith_options INTERFACE ${sanitize})

if(DROPSMITH_JOINED)
    # Its own names are the only ones of the room: docs/decisions/0266-files-compiled-together.md.
    set(CMAKE_UNITY_BUILD ON)
    set(CMAKE_UNITY_BUILD_BATCH_SIZE 4 CACHE STRING "Files compiled as one: quicker anew, slower to change")
    # g++ takes a file that another includes for a header; a local name may stand before a neighbour's constant.
    target_compile_options(dropsmith_options INTERFACE
        $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage;-Wno-shadow;-Wshadow=local>
        $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wno-shadow>)
endif()

find_program(CCACHE ccache)
if(CCACHE)
    # Without this word of ccache's, whatever uses a precompiled header is compiled again each time.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
    target_link_options(dropsmith_options INTERFACE -fuse-ld=mold)
endif()
