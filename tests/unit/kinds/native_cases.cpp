#include "tests/unit/kinds/native_cases.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace tocsin::kinds::test {

std::vector<Place> places(std::vector<core::Error> const& errors) {
  std::vector<Place> out;
  for (auto const& error : errors) out.emplace_back(core::row(error.code).code, error.pointer);
  std::ranges::sort(out);
  return out;
}

std::string described(std::vector<core::Error> const& errors) {
  std::string out;
  for (auto const& error : errors)
    out += std::string(core::row(error.code).code) + " " + error.pointer + ": " + error.detail + "\n";
  return out;
}

std::vector<stix::Json> all_cases() {
  std::vector<std::string> files;
  for (auto const& entry : std::filesystem::directory_iterator("tests/cases/kinds"))
    files.push_back(entry.path().string());
  std::ranges::sort(files);
  std::vector<stix::Json> cases;
  for (auto const& name : files) {
    std::ifstream file(name, std::ios::binary);
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    auto const document = stix::parse_json(text);
    if (!document) throw std::runtime_error(name + ": " + document.error().detail);
    for (auto one : *document) {
      one["file"] = name;
      cases.push_back(std::move(one));
    }
  }
  return cases;
}

}  // namespace tocsin::kinds::test
