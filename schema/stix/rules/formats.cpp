#include "schema/stix/rules/formats.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace tocsin::stix::rules {
namespace {

constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alnum(char c) { return is_alpha(c) || is_digit(c); }
constexpr bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
constexpr bool is_blank(char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; }

template <class Accepts>
bool all(std::string_view text, Accepts accepts) {
  return std::all_of(text.begin(), text.end(), accepts);
}

bool is_hex(std::string_view text) { return !text.empty() && text.size() % 2 == 0 && all(text, is_hex_digit); }

template <std::size_t Digits>
bool is_hex_of(std::string_view text) {
  return text.size() == Digits && all(text, is_hex_digit);
}

bool is_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return false;
  std::size_t const padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  return all(text, [](char c) { return is_alnum(c) || c == '+' || c == '/'; });
}

// Well-formedness of section 2.1 of RFC 5646, not registration: subtags of 1–8 alphanumerics, the first of letters.
bool is_language(std::string_view text) {
  bool first = true;
  while (true) {
    auto const end = text.find('-');
    auto const subtag = text.substr(0, end);
    if (subtag.empty() || subtag.size() > 8 || !all(subtag, is_alnum)) return false;
    if (first && (!all(subtag, is_alpha) || (subtag.size() == 1 && end == text.npos))) return false;
    if (end == text.npos) return true;
    text.remove_prefix(end + 1);
    first = false;
  }
}

bool is_url(std::string_view text) {
  auto const colon = text.find(':');
  if (colon == text.npos || colon == 0 || !is_alpha(text[0]) || colon + 1 == text.size()) return false;
  return all(text.substr(0, colon), [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; }) &&
         std::none_of(text.begin(), text.end(), is_blank);
}

bool is_address(std::string_view text, int family, unsigned width) {
  auto const slash = text.find('/');
  if (slash != text.npos) {
    auto const digits = text.substr(slash + 1);
    unsigned length = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error != std::errc() || end != digits.data() + digits.size() || length > width) return false;
    if (digits.size() > 1 && digits[0] == '0') return false;
    text = text.substr(0, slash);
  }
  std::array<char, INET6_ADDRSTRLEN + 1> terminated{};  // inet_pton wants a C string
  if (text.size() >= terminated.size() || text.find('\0') != text.npos) return false;
  std::copy(text.begin(), text.end(), terminated.begin());
  std::array<unsigned char, 16> parsed;
  return inet_pton(family, terminated.data(), parsed.data()) == 1;
}

bool is_ipv4(std::string_view text) { return is_address(text, AF_INET, 32); }
bool is_ipv6(std::string_view text) { return is_address(text, AF_INET6, 128); }

bool is_mac(std::string_view text) {
  if (text.size() != 17) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool const fits = i % 3 == 2 ? text[i] == ':' : is_digit(text[i]) || (text[i] >= 'a' && text[i] <= 'f');
    if (!fits) return false;
  }
  return true;
}

// Octets of 253 and 63 hold for the encoded form; a U-label may be longer in UTF-8, hence the slack for non-ASCII
// names.
bool is_domain(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  bool const ascii = all(text, is_ascii);
  if (text.empty() || text.size() > (ascii ? 253u : 1012u)) return false;
  while (true) {
    auto const end = text.find('.');
    auto const label = text.substr(0, end);
    if (label.empty() || label.size() > (ascii ? 63u : 252u)) return false;
    if (!all(label, [](char c) { return is_alnum(c) || c == '-' || c == '_' || !is_ascii(c); })) return false;
    if (end == text.npos) return true;
    text.remove_prefix(end + 1);
  }
}

bool is_email(std::string_view text) {
  auto const at = text.rfind('@');
  if (at == text.npos || at == 0 || at + 1 == text.size()) return false;
  if (text[0] == '"') return true;  // a quoted local part may hold anything
  return std::none_of(text.begin(), text.end(), [](char c) { return is_blank(c) || c == '<' || c == '>' || c == ','; });
}

// cpe:2.3: and eleven components; a colon inside a component is escaped.
bool is_cpe(std::string_view text) {
  constexpr std::string_view kPrefix = "cpe:2.3:";
  if (!text.starts_with(kPrefix)) return false;
  text.remove_prefix(kPrefix.size());
  if (text.empty() || (text[0] != 'a' && text[0] != 'h' && text[0] != 'o' && text[0] != '*' && text[0] != '-'))
    return false;
  std::size_t components = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == ':') {
      ++components;
    } else if (is_blank(text[i])) {
      return false;
    }
  }
  return components == 11;
}

bool is_relationship_name(std::string_view text) {
  return !text.empty() && all(text, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

bool is_ssdeep(std::string_view text) {
  return std::count(text.begin(), text.end(), ':') == 2 && text.size() <= 160 && is_digit(text[0]) &&
         all(text, [](char c) { return is_alnum(c) || c == '/' || c == '+' || c == ':' || c == '.'; });
}

// 35 octets; the digest of TLSH 4 has a version prefix.
bool is_tlsh(std::string_view text) {
  if (text.size() == 72 && text.starts_with("T1")) text.remove_prefix(2);
  return is_hex_of<70>(text);
}

constexpr Format kHex128{is_hex_of<32>, "32 hexadecimal digits", "^[0-9A-Fa-f]{32}$"};
constexpr Format kHex160{is_hex_of<40>, "40 hexadecimal digits", "^[0-9A-Fa-f]{40}$"};
constexpr Format kHex512{is_hex_of<128>, "128 hexadecimal digits", "^[0-9A-Fa-f]{128}$"};
constexpr Format kSsdeep{is_ssdeep, "an ssdeep hash (size:hash:hash)",
                         "^[0-9][0-9A-Za-z/+.]*:[0-9A-Za-z/+.]*:[0-9A-Za-z/+.]*$"};
constexpr Format kTlsh{is_tlsh, "a TLSH hash (70 hexadecimal digits, with or without T1 before them)",
                       "^(T1)?[0-9A-Fa-f]{70}$"};

constexpr HashFormat kHashes[] = {{"MD5", &kHex128},     {"SHA-1", &kHex160},    {"SHA-256", &kSha256},
                                  {"SHA-512", &kHex512}, {"SHA3-256", &kSha256}, {"SHA3-512", &kHex512},
                                  {"SSDEEP", &kSsdeep},  {"TLSH", &kTlsh}};

// Eight, four, four, four and twelve digits.
bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool const dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_digit(text[i]) && (text[i] < 'a' || text[i] > 'f')) return false;
  }
  return true;
}

bool is_character_shape(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         all(text, [](char c) { return std::string_view("aA9 ._+-").contains(c); });
}

bool is_local_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         all(text, [](char c) { return is_alnum(c) || c == '.' || c == '_' || c == '-'; });
}

constexpr char kDomainPattern[] = "^[^\\x00-,./:-@\\[-^`{-\\x7f]{1,252}(\\.[^\\x00-,./:-@\\[-^`{-\\x7f]{1,252})*\\.?$";

bool is_key_character(char c) { return is_alnum(c) || c == '_' || c == '-'; }

}  // namespace

constinit Format const kHex{is_hex, "an even number of hexadecimal digits", "^([0-9A-Fa-f]{2})+$"};
constinit Format const kSha256{is_hex_of<64>, "64 hexadecimal digits", "^[0-9A-Fa-f]{64}$"};
constinit Format const kBinary{is_base64, "base64 (RFC 4648)",
                               "^([0-9A-Za-z+/]{4})*([0-9A-Za-z+/]{4}|[0-9A-Za-z+/]{3}=|[0-9A-Za-z+/]{2}==)$"};
constinit Format const kLanguage{is_language, "a language tag (RFC 5646), such as \"en\"",
                                 "^([A-Za-z]{2,8}|[A-Za-z](?=-))(-[0-9A-Za-z]{1,8})*$"};
constinit Format const kUrl{.accepts = is_url,
                            .form = "a URL with a scheme (RFC 3986)",
                            .pattern = "^[A-Za-z][0-9A-Za-z+.-]*:[^\\x00-\\x20\\x7f]+$",
                            .of_observation = true,
                            .advisory = true};
constinit Format const kIpv4{.accepts = is_ipv4,
                             .form = "an IPv4 address or CIDR range",
                             .pattern =
                                 "^(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
                                 "(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}(/(3[0-2]|[12]?[0-9]))?$",
                             .of_observation = true};
constinit Format const kIpv6{.accepts = is_ipv6,
                             .form = "an IPv6 address or CIDR range",
                             .pattern = "^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?$",
                             .of_observation = true};
constinit Format const kMac{.accepts = is_mac,
                            .form = "six octets in lower-case hexadecimal, separated by colons",
                            .pattern = "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$",
                            .of_observation = true};
constinit Format const kDomainName{is_domain, "a domain name (RFC 1034)", kDomainPattern};
constinit Format const kDomain{
    .accepts = is_domain, .form = "a domain name (RFC 1034)", .pattern = kDomainPattern, .of_observation = true};
constinit Format const kEmail{.accepts = is_email,
                              .form = "an email address without a display name",
                              .pattern = "^(\"|[^\\x00-\\x20\\x7f<>,]+@[^\\x00-\\x20\\x7f<>,@]+$)",
                              .of_observation = true};
constinit Format const kCpe{is_cpe, "a CPE 2.3 formatted string",
                            "^cpe:2\\.3:(?=[aho*-])([^\\\\:]|\\\\[\\s\\S])*(:([^\\\\:]|\\\\[\\s\\S])*){10}\\\\?$"};
constinit Format const kRelationshipName{is_relationship_name, "made of a–z, 0–9 and hyphens", "^[a-z0-9-]+$"};
constinit Format const kPropertyName{is_property_name, "a property name (3–250 of a–z, 0–9 and underscores)",
                                     "^[a-z][a-z0-9_]{2,249}$"};
constinit Format const kUuid{is_uuid, "a UUID in lower case",
                             "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"};
constinit Format const kLocalName{is_local_name, "a name of 1 to 64 letters, digits, dots, hyphens and underscores",
                                  "^[A-Za-z0-9._-]{1,64}$"};
constinit Format const kCharacterShape{is_character_shape,
                                       "a shape: a for a lower-case letter, A for a capital, 9 for a digit, and "
                                       "punctuation",
                                       "^[aA9 ._+-]{1,64}$"};

bool is_property_name(std::string_view text) {
  return text.size() >= 3 && text.size() <= 250 && is_lower(text[0]) &&
         all(text, [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
}

bool is_dictionary_key(std::string_view text) {
  return !text.empty() && text.size() <= 250 && all(text, is_key_character);
}

bool is_hash_name(std::string_view text) {
  return text.size() >= 3 && text.size() <= 250 && all(text, is_key_character);
}

bool is_extension_name(std::string_view text) {
  return text.size() >= 3 && text.size() <= 250 && is_lower(text[0]) &&
         all(text, [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '_'; });
}

std::span<HashFormat const> hash_formats() { return kHashes; }

Format const* hash_format(std::string_view algorithm) {
  auto const found = std::find_if(std::begin(kHashes), std::end(kHashes),
                                  [&](HashFormat const& row) { return row.algorithm == algorithm; });
  return found == std::end(kHashes) ? nullptr : found->format;
}

}  // namespace tocsin::stix::rules
