# The libraries, all from Debian 12 packages (tools/packages.txt), all as system headers.
find_package(Threads REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(date REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
find_package(rapidcheck REQUIRED)

# Debian keeps two versions of Boost; CMake's own finder may take the other one. What we need is 1.81's headers and
# the one compiled library among them, so they are looked up by name and their version is read.
find_path(BOOST_INCLUDE boost/version.hpp REQUIRED)
file(STRINGS ${BOOST_INCLUDE}/boost/version.hpp boost_version REGEX "#define BOOST_VERSION [0-9]+")
string(REGEX MATCH "[0-9]+" boost_version "${boost_version}")
if(boost_version LESS 108100)
    message(FATAL_ERROR "Boost headers are version ${boost_version}, 1.81 is needed: apt-get install libboost1.81-dev")
endif()
find_library(BOOST_JSON NAMES libboost_json.so.1.81.0 libboost_json.a boost_json REQUIRED)
if(NOT TARGET Boost::headers)
    add_library(Boost::headers INTERFACE IMPORTED)
endif()
add_library(Boost::json UNKNOWN IMPORTED)
set_target_properties(Boost::json PROPERTIES IMPORTED_LOCATION ${BOOST_JSON})
target_link_libraries(Boost::json INTERFACE Boost::headers)

# These two bring no CMake file that fits. toml++ is used header-only so that it can report errors without exceptions
# (Debian's compiled one throws); include it in as few .cpp files as possible.
find_library(SODIUM sodium REQUIRED)
find_path(SODIUM_INCLUDE sodium.h REQUIRED)
add_library(sodium UNKNOWN IMPORTED)
set_target_properties(sodium PROPERTIES IMPORTED_LOCATION ${SODIUM})
find_path(TOML_INCLUDE toml++/toml.h REQUIRED)
add_library(tomlplusplus::tomlplusplus INTERFACE IMPORTED)
target_compile_definitions(tomlplusplus::tomlplusplus INTERFACE TOML_HEADER_ONLY=1 TOML_EXCEPTIONS=0)

# Judges, for tests only.
find_library(CBOR cbor REQUIRED)
