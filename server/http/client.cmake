# The blocking client is a library of its own: the only one that needs Beast and Asio's TLS half, so that neither reaches the server.
if(NOT TARGET http_client)
  room(http_client
    SOURCES
      ${CMAKE_CURRENT_LIST_DIR}/client.cpp
      ${CMAKE_CURRENT_LIST_DIR}/client_url.cpp
      ${CMAKE_CURRENT_LIST_DIR}/client_wire.cpp
    ROOMS schema_core
    LIBRARIES asio_ssl)
  set_property(TARGET http_client PROPERTY JOB_POOL_COMPILE heavy)
endif()
