# cmake -D FOLDER=dist -D FUNCTION=tocsin::room::name -D OUTPUT=file.cpp -P embed_folder.cmake
# Writes the files of a folder as the C++ function that returns them, sorted by path. No FOLDER: none.
set(ROWS)
set(FILES)
if(FOLDER)
  file(GLOB_RECURSE FILES LIST_DIRECTORIES false RELATIVE ${FOLDER} ${FOLDER}/*)
  list(SORT FILES)
endif()
foreach(FILE IN LISTS FILES)
  # Every byte is escaped: fonts and images have any byte, and no text may end the literal.
  file(READ ${FOLDER}/${FILE} BYTES HEX)
  string(LENGTH "${BYTES}" DIGITS)
  math(EXPR SIZE "${DIGITS} / 2")
  string(REGEX REPLACE "(..)" "\\\\x\\1" BYTES "${BYTES}")
  string(APPEND ROWS "      {\"${FILE}\", {\"${BYTES}\", ${SIZE}}},\n")
endforeach()
if(ROWS)
  set(BODY "  static constexpr tocsin::endpoints::ConsoleFile kFiles[] = {\n${ROWS}  };\n  return kFiles;")
else()
  set(BODY "  return {};")
endif()
string(REGEX REPLACE "::[^:]*$" "" NAMESPACE ${FUNCTION})
string(REGEX REPLACE ".*::" "" NAME ${FUNCTION})
file(WRITE ${OUTPUT} "// Made by cmake/embed_folder.cmake.
#include \"server/endpoints/console_files.hpp\"

#pragma clang diagnostic ignored \"-Woverlength-strings\"  // more than every compiler must take

namespace ${NAMESPACE} {

std::span<tocsin::endpoints::ConsoleFile const> ${NAME}() {
${BODY}
}

}  // namespace ${NAMESPACE}
")
