#include "tests/unit/stix/object_cases.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace tocsin::stix::test {

std::vector<Place> places(std::vector<core::Error> const& errors) {
  std::vector<Place> out;
  for (auto const& error : errors) out.emplace_back(core::row(error.code).code, error.pointer);
  std::ranges::sort(out);
  return out;
}

std::vector<Place> findings_of(Json const& object) {
  auto const parsed = parse_object(object);
  return parsed ? std::vector<Place>{} : places(parsed.error());
}

std::string described(std::vector<core::Error> const& errors) {
  std::string out;
  for (auto const& error : errors)
    out += std::string(core::row(error.code).code) + " " + error.pointer + ": " + error.detail + "\n";
  return out;
}

Json read_json(std::string const& path) {
  std::ifstream file(path, std::ios::binary);
  std::string const text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw std::runtime_error(path + " cannot be read");
  auto document = parse_json(text);
  if (!document) throw std::runtime_error(path + ": " + document.error().detail);
  return std::move(*document);
}

std::vector<Json> all_cases() {
  std::vector<std::string> files;
  for (auto const& entry : std::filesystem::directory_iterator("tests/cases/stix")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  std::vector<Json> cases;
  for (auto const& file : files) {
    for (auto& one : read_json(file)) {
      one["file"] = file;
      cases.push_back(std::move(one));
    }
  }
  return cases;
}

}  // namespace tocsin::stix::test
