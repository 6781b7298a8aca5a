// write_schemas FOLDER          writes every file of schema/json
// write_schemas --check FOLDER  exits 1 and names the files that are not as they would be written
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>

#include "schema/json/documents.hpp"

namespace {

namespace fs = std::filesystem;

std::string read(fs::path const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int write(fs::path const& folder) {
  for (auto const& [path, text] : tocsin::schemas::documents()) {
    fs::create_directories((folder / path).parent_path());
    std::ofstream file(folder / path, std::ios::binary);
    file << text;
    if (!file.flush()) {
      std::cerr << (folder / path).string() << " cannot be written\n";
      return 1;
    }
  }
  return 0;
}

int check(fs::path const& folder) {
  auto const documents = tocsin::schemas::documents();
  int status = 0;
  auto const complain = [&](fs::path const& path, char const* what) {
    std::cerr << path.string() << what << "; `make schemas` writes the files anew\n";
    status = 1;
  };
  for (auto const& [path, text] : documents) {
    if (read(folder / path) != text) complain(folder / path, " is not what the rules say");
  }
  for (auto const& entry : fs::recursive_directory_iterator(folder)) {
    auto const path = fs::relative(entry.path(), folder).generic_string();
    if (entry.path().extension() == ".json" && !documents.contains(path))
      complain(entry.path(), " is written by nobody");
  }
  return status;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 2) return write(arguments[1]);
  if (count == 3 && std::string_view(arguments[1]) == "--check") return check(arguments[2]);
  std::cerr << "usage: write_schemas [--check] FOLDER\n";
  return 2;
}
