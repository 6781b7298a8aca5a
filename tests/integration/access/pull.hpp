// One read of a collection: how it is asked for, and what the model says of its answer. Value types; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "tests/integration/access/model.hpp"

namespace tocsin::test {

enum class Kind : std::uint8_t { objects, manifest, object, versions };

struct Cursor {
  std::string text;
  std::size_t collection, after;
  model::Filters filters;
};

struct Pull {
  Kind kind = Kind::objects;
  std::size_t collection = 0;
  std::string id;  // of one object
  model::Filters filters;
  std::size_t limit = 0;  // 0: not sent
  std::optional<Cursor> cursor;
};

// Values separated by commas.
[[nodiscard]] std::string joined(std::set<std::string> const& values);
// A timestamp cut to microseconds, as in headers.
[[nodiscard]] std::string microseconds(std::string const& timestamp);
// What stands in the request line.
[[nodiscard]] std::string target(model::World const& facts, Pull const& pull);
// A publication in the list of an answer.
[[nodiscard]] std::string rendered(Kind kind, model::Publication const& one);

}  // namespace tocsin::test
