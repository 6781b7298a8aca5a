// Networks that are nobody's on the Internet: IANA's registries of special-purpose addresses. Constant data; any
// thread.
#pragma once

#include <string_view>

namespace tocsin::kinds {

struct ReservedBlock {
  std::string_view network;
  std::string_view what;       // goes after "reserved for": "private use"
  bool documentation = false;  // RFC 5737, 3849 and 9637: what examples and demonstrations are made of
};

// Those for documentation last.
inline constexpr ReservedBlock kReservedBlocks[] = {{"0.0.0.0/8", "hosts of this network"},
                                                    {"10.0.0.0/8", "private use"},
                                                    {"100.64.0.0/10", "carriers that share addresses"},
                                                    {"127.0.0.0/8", "loopback"},
                                                    {"169.254.0.0/16", "link-local use"},
                                                    {"172.16.0.0/12", "private use"},
                                                    {"192.0.0.0/24", "protocols of the IETF"},
                                                    {"192.168.0.0/16", "private use"},
                                                    {"198.18.0.0/15", "benchmarks"},
                                                    {"224.0.0.0/3", "multicast and the future"},
                                                    {"::/8", "loopback, mapped and translated addresses"},
                                                    {"100::/64", "discarding"},
                                                    {"2001::/23", "protocols of the IETF"},
                                                    {"2002::/16", "6to4"},
                                                    {"fc00::/7", "private use"},
                                                    {"fe80::/9", "link-local use"},
                                                    {"ff00::/8", "multicast"},
                                                    {"192.0.2.0/24", "documentation", true},
                                                    {"198.51.100.0/24", "documentation", true},
                                                    {"203.0.113.0/24", "documentation", true},
                                                    {"2001:db8::/32", "documentation", true},
                                                    {"3fff::/20", "documentation", true}};

}  // namespace tocsin::kinds
