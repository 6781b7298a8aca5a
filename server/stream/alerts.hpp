// Alerts: objects that an organisation may see and that are about its own ranges. One derivation, whoever asks: a pull
// looks at what stands behind a place in the order of publication, a stream at each object as it comes. Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/access/directory.hpp"
#include "server/catalog/mutes.hpp"
#include "server/store/read_store.hpp"
#include "server/stream/own_ranges.hpp"

namespace tocsin::stream {

struct Alert {
  std::int64_t sequence = 0;  // never told
  std::string range;          // the first that is touched
  std::size_t others = 0;     // how many more are
  std::string id;
  std::string modified;    // the version, as TAXII calls it
  std::string collection;  // its id
  bool revoked = false;
  std::string creator;       // created_by_ref, or ""
  std::string organisation;  // the member that this names, when it asserted the object; else ""
  std::string peer;          // at whose instance it was said; "": here
};

// {"range","others","id","modified","collection","revoked","created_by_ref","organisation","origin","dispute"}; the
// last is the command that disputes the object. Who asserted it is told where the object names it, `origin` of a
// peer's.
[[nodiscard]] nlohmann::json to_json(Alert const& alert);

// nullopt: the object, which the caller may see, touches none of the ranges.
[[nodiscard]] std::optional<Alert> alert_of(OwnRanges const& ranges, access::Directory const& directory,
                                            store::PageRow const& row, std::string_view bytes,
                                            std::string_view collection);

struct AlertQuery {
  struct Collection {
    store::RowId row = 0;
    std::string id;
  };
  std::shared_ptr<access::Directory const> directory;  // never null
  std::vector<Collection> collections;                 // that the caller may know of
  store::Window window;
  std::int64_t after_sequence = 0;
  std::size_t limit = 0;    // alerts of one answer
  std::size_t objects = 0;  // that one answer looks at
  // Of which no alert tells.
  std::shared_ptr<catalog::Mutes const> mutes = std::make_shared<catalog::Mutes const>();
  std::int64_t now_us = 0;
};

struct AlertPage {
  std::vector<Alert> alerts;        // in the order of publication
  std::int64_t after_sequence = 0;  // where to go on: that of an object that the caller sees, or where this began
  bool complete = true;             // everything there was has been looked at
};

// Newest versions only. Errors: those of the store. Reader threads.
[[nodiscard]] core::Result<AlertPage> find_alerts(store::ReadStore& reader, OwnRanges const& ranges,
                                                  AlertQuery const& query);

}  // namespace tocsin::stream
