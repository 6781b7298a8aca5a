# The blocking client is a library of its own: the only one that needs Beast and Asio's TLS half, so that neither reaches the server.
# What both ends need is one more.
if(NOT TARGET http_client)
  room(http_coding
    SOURCES
      ${CMAKE_CURRENT_LIST_DIR}/content_coding.cpp
      ${CMAKE_CURRENT_LIST_DIR}/text.cpp
    ROOMS schema_core
    LIBRARIES ZLIB::ZLIB PkgConfig::ZSTD)
  room(http_client
    SOURCES
      ${CMAKE_CURRENT_LIST_DIR}/client.cpp
      ${CMAKE_CURRENT_LIST_DIR}/client_authority.cpp
      ${CMAKE_CURRENT_LIST_DIR}/client_pins.cpp
      ${CMAKE_CURRENT_LIST_DIR}/client_url.cpp
      ${CMAKE_CURRENT_LIST_DIR}/client_wire.cpp
    ROOMS http_coding schema_core
    LIBRARIES asio_ssl)
  set_property(TARGET http_client PROPERTY JOB_POOL_COMPILE heavy)
endif()
