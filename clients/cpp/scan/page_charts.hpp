// The charts of a page, as SVG within it, and how text gets into it. Pure; any thread.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>

#include "clients/cpp/scan/scan_report.hpp"

namespace tocsin::client {

// Text that means nothing but itself, between tags and within the quotes of an attribute.
[[nodiscard]] std::string escaped(std::string_view text);

// Requests by day, and those of them that hit something; of a long time by as many days as fit together.
void write_day_chart(std::ostream& out, std::map<std::int64_t, DayOfRequests> const& days);

// How many accounts combination of kinds of evidence was found of.
void write_evidence_chart(std::ostream& out, Findings const& findings);

}  // namespace tocsin::client
