// What the rules say about objects, for the test that holds schema/json against them: one JSON text a line in, one line
// out: {"findings": [[code, pointer], …], "warnings": [[code, pointer], …]}. Text that is no I-JSON has a finding too.
// With the argument `native` the lines are items in the native form.
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "schema/kinds/native.hpp"
#include "schema/stix/object.hpp"

namespace {

using tocsin::stix::Json;

Json places(std::vector<tocsin::core::Error> const& errors) {
  auto out = Json::array();
  for (auto const& error : errors)
    out.push_back(Json::array({std::string(tocsin::core::row(error.code).code), error.pointer}));
  return out;
}

Json verdict(std::string const& line) {
  auto const document = tocsin::stix::parse_json(line);
  if (!document) return {{"findings", places({document.error()})}, {"warnings", Json::array()}};
  auto const object = tocsin::stix::parse_object(*document);
  if (!object) return {{"findings", places(object.error())}, {"warnings", Json::array()}};
  return {{"findings", Json::array()}, {"warnings", places(object->warnings)}};
}

Json native_verdict(std::string const& line) {
  auto document = tocsin::stix::parse_json(line);
  if (!document) return {{"findings", places({document.error()})}, {"warnings", Json::array()}};
  auto const reading = tocsin::kinds::read_native(*std::move(document));
  if (!reading) return {{"findings", places(reading.error())}, {"warnings", Json::array()}};
  return {{"findings", Json::array()}, {"warnings", places(reading->notes)}};
}

}  // namespace

int main(int count, char** arguments) {
  std::ios::sync_with_stdio(false);
  auto const judge = count == 2 && std::string_view(arguments[1]) == "native" ? native_verdict : verdict;
  for (std::string line; std::getline(std::cin, line);) std::cout << judge(line).dump() << '\n';
}
