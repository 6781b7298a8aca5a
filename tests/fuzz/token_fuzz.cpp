// Tokens and the headers they come in, of which a cookie is one: what is taken apart goes together again, every form of header gives the same
// token, and nothing but the token of a credential is let in.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "schema/core/digest.hpp"
#include "server/access/authenticate.hpp"
#include "server/access/token.hpp"

namespace {

using namespace tocsin;

constexpr std::string_view kId = "0123456789abcdef", kSecret = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

void must(bool holds) {
  if (!holds) std::abort();
}

std::string known_token() { return "tocsin_" + std::string(kId) + "_" + std::string(kSecret); }

// One member with one credential, whose token is known_token().
access::Directory const& directory() {
  static access::Directory const one = [] {
    access::Directory::Tables tables;
    tables.organisations = {{1, "Aurora", "lab", 0, "", "", false, 0}};
    store::Credential credential;
    credential.row = 1;
    credential.token_id = kId;
    credential.secret_digest = core::sha256(kSecret);
    credential.organisation = 1;
    tables.credentials = {credential};
    return access::Directory(std::move(tables), 1);
  }();
  return one;
}

void check_cookie(std::string_view header) {
  auto const value = access::console_cookie(header);
  if (!value) return;
  must(value->size() == 43 && header.contains(std::string(access::kConsoleCookie) + "=" + std::string(*value)));
  must(!access::console_cookie(std::string(header) + ";" + std::string(access::kConsoleCookie) + "="));
}

void check_parts(std::string_view text) {
  auto const parts = access::split_token(text);
  if (!parts) return;
  must(parts->id.size() == 16 && parts->secret.size() == 43);
  must("tocsin_" + std::string(parts->id) + "_" + std::string(parts->secret) == text);
}

void check_header(std::string_view header) {
  auto const plain = access::token_of_header(header, false), any = access::token_of_header(header, true);
  if (plain) must(any == plain);
  if (plain) must(!plain->starts_with(' ') && !plain->ends_with(' ') && header.contains(*plain));
  for (bool basic : {false, true}) {
    auto const& token = basic ? any : plain;
    auto const who = access::authenticate(directory(), header, basic, "192.0.2.1", 0);
    must(who.has_value() == (token == known_token()));
    if (!who) must(who.error().code == core::Code::unauthorized && !who.error().detail.contains(kSecret));
  }
}

// The text as a token in every form of header.
void check_forms(std::string_view text) {
  bool const bare = !text.starts_with(' ') && !text.ends_with(' ');
  for (std::string scheme : {"Bearer ", "bearer ", "TOKEN ", "Token   "})
    for (bool basic : {false, true})
      if (bare) must(access::token_of_header(scheme + std::string(text), basic) == text);
  for (std::string user : {"", "user", "us er"}) {
    auto const header = "bAsIc " + core::to_base64(user + ":" + std::string(text));
    must(!access::token_of_header(header, false));
    must(access::token_of_header(header, true) == text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  check_parts(text);
  check_header(text);
  check_cookie(text);
  check_cookie(std::string(access::kConsoleCookie) + "=" + std::string(text));
  check_forms(text);
  check_header("Bearer " + std::string(text));
  auto const made = access::make_token();
  auto const parts = access::split_token(made.token);
  must(parts && parts->id == made.id && core::sha256(parts->secret) == made.secret_digest);
  must(!access::authenticate(directory(), "Bearer " + made.token, true, "192.0.2.1", 0));
  return 0;
}
