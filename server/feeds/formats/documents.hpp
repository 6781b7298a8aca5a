// Feeds for platforms that read indicators and not lists: a STIX bundle, and a feed of MISP. The same indicators are
// the same bytes. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "server/feeds/formats/formats.hpp"

namespace tocsin::feeds {

// A bundle (STIX 2.1, section 8) of indicators as they are stored, byte for byte, in the order given.
[[nodiscard]] Rendered as_stix_bundle(std::span<std::string const> indicators);

// The three kinds of files of a feed of MISP (MISP core format, Manifest), which has one event: with an attribute for
// each indicator, whose UUID is that of the indicator. Its timestamp is that of the newest indicator: what reads an
// event again only when it is newer misses nothing that came.
[[nodiscard]] Rendered as_misp_event(Publisher const& publisher, std::string_view feed, Family family,
                                     std::span<Entry const> entries);
[[nodiscard]] Rendered as_misp_manifest(Publisher const& publisher, std::string_view feed, Family family,
                                        std::span<Entry const> entries);
// MD5 of each value, with the event's UUID.
[[nodiscard]] Rendered as_misp_hashes(Publisher const& publisher, std::string_view feed, Family family,
                                      std::span<Entry const> entries);

// The format of a file by its name; nullptr: this feed has no such file.
[[nodiscard]] Format const* misp_file(Publisher const& publisher, std::string_view feed, std::string_view name);

}  // namespace tocsin::feeds
