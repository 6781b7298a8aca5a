// One request as an access log tells it, whatever the log's format. Value type; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "server/match/ip_address.hpp"

namespace tocsin::logs {

// What the log does not say is absent or empty. An account or an address is always there.
struct AccessRecord {
  std::int64_t at_us = 0;  // when it happened
  std::string account;
  std::optional<match::IpAddress> address;  // of who asked, not of a proxy of ours
  std::string model;
  std::string prompt;  // the texts of a conversation, one after the other
  std::optional<std::uint64_t> tokens_in, tokens_out;
  std::string ja3, ja4, ja4h, user_agent;  // as they were written: whether they are such is for who reads them
  std::string email_domain;                // what stands before the @ is not kept
  std::string domain;                      // the name of the address
};

}  // namespace tocsin::logs
