# cmake -D FOLDER=migrations/sqlite -D OUTPUT=file.cpp -P embed_migrations.cmake
# Writes the SQL files of a folder as C++ source, in order of their numbers.
file(GLOB FILES ${FOLDER}/[0-9]*.sql)
list(SORT FILES)
set(ROWS "")
set(LAST 0)
foreach(FILE ${FILES})
  get_filename_component(NAME ${FILE} NAME_WE)
  string(SUBSTRING ${NAME} 0 4 DIGITS)
  math(EXPR NUMBER "${DIGITS}" OUTPUT_FORMAT DECIMAL)
  if(NOT NUMBER GREATER LAST)
    message(FATAL_ERROR "${FILE}: expected a migration number above ${LAST}")
  endif()
  set(LAST ${NUMBER})
  file(READ ${FILE} SQL)
  string(APPEND ROWS "    {${NUMBER}, \"${NAME}\", R\"SQL(${SQL})SQL\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made from ${FOLDER} by cmake/embed_migrations.cmake.
#include \"server/store/sqlite/migrations.hpp\"

namespace tocsin::store::sqlite {

std::span<EmbeddedMigration const> embedded_migrations() {
  static constexpr EmbeddedMigration kMigrations[] = {
${ROWS}  };
  return kMigrations;
}

}  // namespace tocsin::store::sqlite
")
