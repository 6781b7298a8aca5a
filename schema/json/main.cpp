// write_schemas FOLDER INVENTORY          writes every file of schema/json, and docs/data-inventory.md
// write_schemas --check FOLDER INVENTORY  exits 1 and names the files that are not as they would be written
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>

#include "schema/json/documents.hpp"
#include "schema/json/inventory.hpp"

namespace {

namespace fs = std::filesystem;

std::string read(fs::path const& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool write_file(fs::path const& path, std::string const& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (file.flush()) return true;
  std::cerr << path.string() << " cannot be written\n";
  return false;
}

int write(fs::path const& folder, fs::path const& inventory) {
  for (auto const& [path, text] : tocsin::schemas::documents()) {
    fs::create_directories((folder / path).parent_path());
    if (!write_file(folder / path, text)) return 1;
  }
  return write_file(inventory, tocsin::schemas::data_inventory()) ? 0 : 1;
}

int check(fs::path const& folder, fs::path const& inventory) {
  auto const documents = tocsin::schemas::documents();
  int status = 0;
  auto const complain = [&](fs::path const& path, char const* what) {
    std::cerr << path.string() << what << "; `make schemas` writes the files anew\n";
    status = 1;
  };
  for (auto const& [path, text] : documents) {
    if (read(folder / path) != text) complain(folder / path, " is not what the rules say");
  }
  if (read(inventory) != tocsin::schemas::data_inventory()) complain(inventory, " is not what the kinds say");
  for (auto const& entry : fs::recursive_directory_iterator(folder)) {
    auto const path = fs::relative(entry.path(), folder).generic_string();
    if (entry.path().extension() == ".json" && !documents.contains(path))
      complain(entry.path(), " is written by nobody");
  }
  return status;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 3) return write(arguments[1], arguments[2]);
  if (count == 4 && std::string_view(arguments[1]) == "--check") return check(arguments[2], arguments[3]);
  std::cerr << "usage: write_schemas [--check] FOLDER INVENTORY\n";
  return 2;
}
