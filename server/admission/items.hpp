// The native way through the door, its first half: the items of a body, and in which order what refers to what. The
// second half is drafts.hpp. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "schema/kinds/native.hpp"
#include "server/admission/readers/reader.hpp"
#include "server/store/claim_store.hpp"

namespace tocsin::admission {

// Each becomes three objects or more, and is answered by itself.
inline constexpr std::size_t kMostItems = 5'000;

// Relationships to what items name.
inline constexpr std::size_t kMostLinks = 20'000;

enum class Form : std::uint8_t { json, lines_of_json, csv, list, misp, bundle };

// What a body of JSON is: items, events of MISP, or a STIX bundle, by the names of its members.
[[nodiscard]] Form form_of_document(std::string_view body);

// Another item of the body that an item refers to.
struct Need {
  std::size_t item = 0;
  std::string pointer;  // where
};

struct Item {
  enum class Outcome : std::uint8_t { accepted, unchanged, refused, waiting } outcome = Outcome::accepted;
  Place place;
  std::optional<kinds::Native> native;  // absent: refused by its reader or its rules
  std::vector<core::Error> findings;    // why it is refused; pointers into the item
  std::vector<std::string> notes;       // sentences: what its sender should know
  std::vector<Need> needs;              // the items that it refers to
  std::size_t wave = 0;                 // greater than those of the items that it needs
  std::string id;                       // of the indicator, campaign or infrastructure
  std::string collection;               // alias of where an object of a bundle goes; of others their kind says it
  std::string valid_until;              // "": for good
  std::vector<core::Code> overridden;   // warnings of the harm checks that its sender took the responsibility for
  std::vector<std::string> objects;     // what would be stored, RFC 8785; kept for a dry run only
  std::set<std::string> classes;        // under which visibility classes: of a dry run, and of a bundle
};

struct Batch {
  std::vector<Item> items;
  std::map<std::string, std::vector<std::size_t>, std::less<>> names;  // local name → items: a range may be several
};

// Reads the items of a body, which is no bundle, and puts them in order. Errors, for the body as a whole: those of the
// readers; content_too_large for more than kMostItems, what is said again counting too, than Collector::kMostBytes or
// kMostLinks. An item that says of a value what another one says
// too is that one again; one that says something else is refused (item_repeated), like one with a name that is taken
// (property_conflict), that refers to a name that no item has (reference_unknown) or, over others, to itself
// (reference_cycle).
[[nodiscard]] core::Result<Batch> read_items(Form form, std::string_view body, kinds::Cells const& defaults,
                                             Layout const& layout = {});

// What has to be known of the stored claims, a question for each item that is not refused, in order.
[[nodiscard]] std::vector<store::ClaimQuestion> questions_of(std::vector<Item> const& items);

// Under what the claim of an item is found.
[[nodiscard]] store::ClaimKey key_of(kinds::Native const& native);

// Refuses an item.
void refuse(Item& item, std::vector<core::Error> findings);

}  // namespace tocsin::admission
