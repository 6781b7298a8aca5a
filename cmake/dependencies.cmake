find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(MAXMINDDB REQUIRED IMPORTED_TARGET libmaxminddb)
find_path(TOMLPLUSPLUS_INCLUDE toml++/toml.h REQUIRED)
find_path(XXHASH_INCLUDE xxhash.h REQUIRED)  # its functions are inlined: nothing to link
if(TOCSIN_TESTS)
  find_package(yaml-cpp REQUIRED)  # reads schema/openapi.yaml
endif()

# Asio's compiled half, once (BOOST_ASIO_SEPARATE_COMPILATION); only server/http's client needs the Beast and SSL halves.
add_library(asio STATIC ${CMAKE_CURRENT_LIST_DIR}/asio.cpp)
target_link_libraries(asio PUBLIC Boost::headers Threads::Threads)
add_library(asio_ssl STATIC ${CMAKE_CURRENT_LIST_DIR}/asio_ssl.cpp ${CMAKE_CURRENT_LIST_DIR}/beast.cpp)
target_link_libraries(asio_ssl PUBLIC asio OpenSSL::SSL)
set_property(TARGET asio asio_ssl PROPERTY JOB_POOL_COMPILE heavy)
