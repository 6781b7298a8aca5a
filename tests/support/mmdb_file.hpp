// A database of autonomous systems by network, written in MaxMind DB format 2.0 as GeoLite2-ASN is: one tree of 128
// bits, IPv4 below ::/96, the narrowest network around an address wins. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/match/ip_address.hpp"

namespace tocsin::test {

class MmdbFile {
 public:
  // Wider networks before those inside them.
  void add(match::IpNetwork const& network, std::uint32_t asn) {
    unsigned const skipped = network.six ? 0 : 96;
    std::size_t at = 0;
    for (unsigned bit = 0; bit + 1 < skipped + network.length; ++bit) {
      auto const side = side_of(network, bit, skipped);
      if (nodes_[at][side] <= 0) {  // nothing, or a wider network, which both halves go on to say
        auto const before = nodes_[at][side];
        nodes_.push_back({before, before});
        nodes_[at][side] = static_cast<std::int64_t>(nodes_.size() - 1);
      }
      at = static_cast<std::size_t>(nodes_[at][side]);
    }
    nodes_[at][side_of(network, skipped + network.length - 1, skipped)] = -static_cast<std::int64_t>(datum_of(asn));
  }

  void write(std::string const& path) const {
    std::string out;
    out.reserve(nodes_.size() * 8 + data_.size() + 512);
    auto const count = static_cast<std::uint32_t>(nodes_.size());
    for (auto const& node : nodes_)
      for (auto const child : node) {
        constexpr std::uint32_t kSeparator = 16;
        number(out, child > 0    ? static_cast<std::uint32_t>(child)
                    : child == 0 ? count
                                 : count + kSeparator + static_cast<std::uint32_t>(-child - 1));
      }
    out.append(16, '\0').append(data_).append("\xab\xcd\xefMaxMind.com");
    metadata(out, count);
    std::ofstream(path, std::ios::binary).write(out.data(), static_cast<std::streamsize>(out.size()));
  }

 private:
  static std::size_t side_of(match::IpNetwork const& network, unsigned bit, unsigned skipped) {
    if (bit < skipped) return 0;
    auto const width = network.six ? 128u : 32u;
    return static_cast<std::size_t>(network.first >> (width - 1 - (bit - skipped)) & 1);
  }

  // One more than where it stands among the data.
  std::size_t datum_of(std::uint32_t asn) {
    auto const [at, is_new] = known_.try_emplace(asn, data_.size() + 1);
    if (is_new) {
      data_ += '\xe1';  // a map of one
      text(data_, "autonomous_system_number");
      data_ += '\xc4';  // uint32 of four bytes
      number(data_, asn);
    }
    return at->second;
  }

  static void number(std::string& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
  }
  static void text(std::string& out, std::string_view value) {
    out += static_cast<char>(0x40 | value.size());  // shorter than 29 bytes
    out += value;
  }
  static void sixteen_bits(std::string& out, std::string_view key, std::uint8_t value) {
    text(out, key);
    out.append("\xa2", 1).append(1, '\0').append(1, static_cast<char>(value));
  }

  static void metadata(std::string& out, std::uint32_t count) {
    out += '\xe9';  // a map of nine
    text(out, "node_count");
    out += '\xc4';
    number(out, count);
    sixteen_bits(out, "record_size", 32);
    sixteen_bits(out, "ip_version", 6);
    sixteen_bits(out, "binary_format_major_version", 2);
    sixteen_bits(out, "binary_format_minor_version", 0);
    text(out, "database_type");
    text(out, "Tocsin-Test-ASN");
    text(out, "languages");
    out.append("\x01\x04");  // an array of one
    text(out, "en");
    text(out, "build_epoch");
    out.append("\x08\x02").append(7, '\0').append("\x01");  // uint64; libmaxminddb refuses 0
    text(out, "description");
    out += '\xe1';
    text(out, "en");
    text(out, "Made by a test");
  }

  std::vector<std::array<std::int64_t, 2>> nodes_{{0, 0}};  // a node, nothing (0), or a datum (below 0)
  std::map<std::uint32_t, std::size_t> known_;
  std::string data_;
};

}  // namespace tocsin::test
