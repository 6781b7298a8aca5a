# cmake -D FILE=tocsin.py -D HEADER=server/….hpp -D FUNCTION=tocsin::room::name -D OUTPUT=file.cpp -P embed_file.cmake
# Writes a text file as the C++ function that returns it.
file(READ ${FILE} TEXT)
file(WRITE ${OUTPUT} "// Made from ${FILE} by cmake/embed_file.cmake.
#include \"${HEADER}\"

#pragma clang diagnostic ignored \"-Woverlength-strings\"  // more than every compiler must take

std::string_view ${FUNCTION}() { return R\"EMBEDDED(${TEXT})EMBEDDED\"; }
")
