// What `submit` sends: the objects of the input, checked to be strict JSON, packed into TAXII envelopes. Pure; any
// thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"

namespace tocsin::client {

struct Item {
  std::string_view bytes;       // of one object, in the text that was read
  std::string id;               // "" when the object has none
  std::string version;          // its modified, else its created, else ""
  std::string_view input = {};  // the name of the input, as it was given to read_items
  std::size_t number = 0;       // among the objects of that input, from 1
};

// The objects of one input as split_input understands it. `name` is the file's, for messages: an error's sentence
// begins with "name:line:column: ". The items point into both. Errors: those of split_input and of stix::parse_json.
[[nodiscard]] core::Result<std::vector<Item>> read_items(std::string_view name, std::string_view text);

struct BatchLimits {
  std::size_t objects = 500;
  std::size_t bytes = 0;  // of a body: the API root's max_content_length
};

// A run of items that go into one body.
struct Batch {
  std::size_t first = 0;
  std::size_t count = 0;
};

struct Plan {
  std::vector<Batch> batches;          // in the order of the items
  std::vector<std::size_t> oversized;  // items that no body can hold
};
[[nodiscard]] Plan plan_batches(std::span<Item const> items, BatchLimits limits);

// {"objects":[…]} of the exact bytes of the items.
[[nodiscard]] std::string batch_body(std::span<Item const> items, Batch batch);

}  // namespace tocsin::client
