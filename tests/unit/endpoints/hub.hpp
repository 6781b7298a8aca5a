// A whole instance with a member "Aurora" and a collection "network", and short ways to ask it. One test.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "tests/support/in_process.hpp"

namespace tocsin::test {

struct Hub {
  Hub();

  [[nodiscard]] std::string objects() const { return "/taxii2/root/collections/" + collection + "/objects/"; }
  [[nodiscard]] std::string object(std::string const& id) const { return objects() + id + "/"; }

  Answer get(std::string const& target) { return world.get(target, analyst); }
  // As a POST of `body` to the collection's objects.
  Answer post(std::string body, HeaderList headers = {{"Content-Type", "application/taxii+json;version=2.1"}});
  Answer remove(std::string const& target, std::string const& token);
  // An administrator's POST of JSON.
  Answer administer(std::string const& target, std::string body);
  // Submits, and requires that all are accepted.
  void store(std::vector<nlohmann::json> const& objects);

  InProcess world;
  std::string collection;  // its id
  std::string analyst, admin;
};

// A valid indicator, marked TLP:GREEN: `number` in its id, `modified` at the second `version` of a day.
[[nodiscard]] nlohmann::json indicator(int number = 1, int version = 0);
[[nodiscard]] std::string id_of(nlohmann::json const& object);
[[nodiscard]] std::string version_of(int version);

[[nodiscard]] nlohmann::json json_of(Answer const& answer);
// The code of an error, in either shape.
[[nodiscard]] std::string code_of(Answer const& answer);
[[nodiscard]] std::vector<std::string> ids_in(Answer const& page);

}  // namespace tocsin::test
