// schema/openapi.yaml as the tests read it: its operations, references resolved, and whether a JSON value is what a
// schema says. Owned by a test; one thread.
#pragma once

#include <yaml-cpp/yaml.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace tocsin::test {

struct Operation {
  std::string method;  // "GET"
  std::string path;    // "/taxii2/root/status/{id}/"
  YAML::Node node;
  std::vector<YAML::Node> parameters;  // of the path and its own, resolved

  [[nodiscard]] std::string name() const { return method + " " + path; }
};

class OpenApi {
 public:
  OpenApi();  // reads schema/openapi.yaml; throws YAML::Exception

  [[nodiscard]] YAML::Node const& root() const { return root_; }
  [[nodiscard]] std::vector<Operation> operations() const;
  // What "#/components/…" names, through as many references as there are. Throws std::runtime_error when it is not
  // there.
  [[nodiscard]] YAML::Node at(std::string const& reference) const;
  [[nodiscard]] YAML::Node resolve(YAML::Node const& node) const;

  // Where `value` is not what `schema` says, one sentence each. A member that the schema does not name is a breach too,
  // unless it says `additionalProperties: true`; so is a keyword of the schema that is not understood here.
  [[nodiscard]] std::vector<std::string> breaches(YAML::Node const& schema, nlohmann::json const& value) const;

 private:
  YAML::Node root_;
};

// Quoted scalars are strings, others what YAML 1.2's core schema makes of them.
[[nodiscard]] nlohmann::json to_json(YAML::Node const& node);

}  // namespace tocsin::test
