// The forms of strings that STIX 2.1 prescribes. Constant data and pure functions; any thread.
#pragma once

#include <string_view>

#include "schema/stix/rules/model.hpp"

namespace tocsin::stix::rules {

extern Format const kHex;  // section 2.8; upper case is accepted, as the examples of the specification have it
extern Format const kSha256;
extern Format const kBinary;            // section 2.1
extern Format const kLanguage;          // RFC 5646, the syntax of a tag
extern Format const kUrl;               // RFC 3986, as far as: it has a scheme and no white space
extern Format const kIpv4;              // section 6.8, an address or CIDR
extern Format const kIpv6;              // section 6.9, an address or CIDR
extern Format const kMac;               // section 6.10
extern Format const kDomain;            // RFC 1034 with internationalised and underscored labels
extern Format const kDomainName;        // the same, in defanged objects too
extern Format const kEmail;             // addr-spec of RFC 5322, as far as: local part, @, domain, no display name
extern Format const kCpe;               // section 6.14, CPE 2.3
extern Format const kRelationshipName;  // section 5.1.2
extern Format const kPropertyName;      // section 3.1
extern Format const kUuid;
extern Format const kLocalName;       // what an item of a submission is called in it
extern Format const kCharacterShape;  // what a name looks like without saying it: aaaa.aaaaa99

[[nodiscard]] bool is_property_name(std::string_view text);
[[nodiscard]] bool is_dictionary_key(std::string_view text);  // section 2.3
[[nodiscard]] bool is_hash_name(std::string_view text);       // section 2.7
[[nodiscard]] bool is_extension_name(std::string_view text);  // section 11.3.1; underscores are accepted too

struct HashFormat {
  std::string_view algorithm;
  Format const* format;
};

// hash-algorithm-ov, section 10.7.
[[nodiscard]] std::span<HashFormat const> hash_formats();

// What the hash of a known algorithm must look like; nullptr for an algorithm that is not in the vocabulary.
[[nodiscard]] Format const* hash_format(std::string_view algorithm);

}  // namespace tocsin::stix::rules
