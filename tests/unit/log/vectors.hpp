// Published vectors that several tests of the log share, and a root computed as RFC 6962 section 2.1 defines it.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/log/hash.hpp"

namespace tocsin::log::test {

inline core::Digest digest(std::string_view hex) { return core::to_array<32>(core::from_hex(hex).value()).value(); }
inline std::string hex(core::Digest const& digest) { return core::to_hex(core::view(digest)); }

// The eight entries of transparency-dev/merkle and the roots of their first 0 to 8.
constexpr std::array<std::string_view, 8> kEntries{
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
constexpr std::array<std::string_view, 9> kRoots{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                                 "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                                 "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                                 "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                                 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                                 "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                                 "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                                 "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                                 "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

inline std::vector<core::Digest> vector_leaves(std::size_t count = kEntries.size()) {
  std::vector<core::Digest> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash(core::from_hex(kEntries[i]).value()));
  return leaves;
}

// `count` different leaves.
inline std::vector<core::Digest> numbered_leaves(std::size_t count) {
  std::vector<core::Digest> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash("entry " + std::to_string(i)));
  return leaves;
}

inline core::Digest recursive_root(std::span<core::Digest const> leaves) {
  if (leaves.empty()) return empty_root();
  if (leaves.size() == 1) return leaves.front();
  std::size_t const left = std::bit_floor(leaves.size() - 1);
  return node_hash(recursive_root(leaves.first(left)), recursive_root(leaves.subspan(left)));
}

}  // namespace tocsin::log::test
