// From an object to the values at an object path (STIX 2.1 section 9.7). Owned by the comparison it belongs to;
// immutable; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "schema/stix/pattern/ast.hpp"
#include "server/match/pattern/observation.hpp"

namespace tocsin::match::pattern {

class ObjectPath {
 public:
  // How the name of the last property says that its text is to be read: `_hex` and `_bin` hold octets.
  enum class Form : std::uint8_t { text, hex, base64 };

  explicit ObjectPath(stix::pattern::Path const& path);

  [[nodiscard]] std::string_view type() const { return type_; }
  [[nodiscard]] Form form() const { return form_; }

  // Whether `holds` is true of a value at this path. A reference (`…_ref`, an element of `…_refs`) that is followed by
  // a property stands for the object it names in `around`; one that names nothing there leads nowhere. Work: at most
  // the steps times the values of the observation, however references run in circles.
  [[nodiscard]] bool any(stix::Json const& object, Observation const& around,
                         std::function<bool(stix::Json const&)> const& holds) const;

 private:
  struct Hop {
    enum class Kind : std::uint8_t { key, index, every } kind;
    bool follows_reference;
    std::string key;
    std::size_t index;
  };

  [[nodiscard]] static stix::Json const* next(Hop const& hop, stix::Json const& value, Observation const& around);
  [[nodiscard]] bool any_of_many(stix::Json const& object, Observation const& around,
                                 std::function<bool(stix::Json const&)> const& holds) const;

  std::string type_;
  std::vector<Hop> hops_;
  Form form_ = Form::text;
  bool branches_ = false;  // there is a [*]
};

}  // namespace tocsin::match::pattern
