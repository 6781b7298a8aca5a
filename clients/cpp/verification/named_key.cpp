#include "clients/cpp/verification/named_key.hpp"

#include "clients/cpp/files.hpp"

namespace tocsin::client {

Outcome<log::VerifierKey> named_key(std::string text, log::KeyType type, std::string const& option) {
  if (text.starts_with('@')) {
    auto read = read_file(text.substr(1), "The key's file " + text.substr(1));
    if (!read) return std::unexpected(std::move(read.error()));
    text = *std::move(read);
    while (text.ends_with('\n')) text.pop_back();
  }
  auto key = log::VerifierKey::parse(text);
  if (!key || key->type() != type)
    return fail(
        Exit::local, option + " is no public key of a " + (type == log::KeyType::signature ? "log." : "witness."),
        "It is one line, name+number+key, as the operator of the instance publishes it, or @FILE that holds it.");
  return *std::move(key);
}

}  // namespace tocsin::client
