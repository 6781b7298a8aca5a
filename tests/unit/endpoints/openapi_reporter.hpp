// Asks a hub, and holds the answers against schema/openapi.yaml. Owned by a test; one thread.
#pragma once

#include <map>
#include <set>
#include <string>

#include "tests/unit/endpoints/hub.hpp"
#include "tests/unit/endpoints/openapi.hpp"

namespace tocsin::test {

class Reporter {
 public:
  using Names = std::set<std::string>;

  explicit Reporter(Hub& hub);

  // Fails the test when the document does not describe the answer, to the member.
  Answer ask(std::string const& method, std::string const& target, std::string const& token, std::string body = "",
             HeaderList headers = {});

  // What the document describes and nobody was answered: below 400, or from there on.
  [[nodiscard]] Names not_answered(bool success) const;

 private:
  void check(Call const& call, Answer const& answer);
  void check_headers(YAML::Node const& response, Answer const& answer);
  void check_content(YAML::Node const& response, Answer const& answer);

  Hub& hub_;
  OpenApi const document_;
  std::map<std::string, Operation> operations_;
  Names seen_;
};

}  // namespace tocsin::test
