// A statement of dependents has one form: what parses is what is written. Nothing opens without the relay's signature.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/log/checkpoint.hpp"
#include "schema/log/dependents.hpp"

namespace {

using namespace tocsin::log;

void require(bool holds) {
  if (!holds) std::abort();
}

SignerKey const& relay() {
  static SignerKey const key =
      SignerKey::make("ibis.example/log/applied", KeyType::cosignature, SigningKey::generate()).value();
  return key;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  require(!open_dependents(bytes, relay().verifier()));
  auto const dependents = Dependents::parse(bytes);
  if (!dependents) return 0;
  require(dependents->text() == bytes && Dependents::begins(bytes) && !parse_checkpoint(bytes));
  require(dependents->applied.size() <= kMostDependents);
  auto const note = sign_dependents(*dependents, relay(), 1);
  require(note && open_dependents(*note, relay().verifier())->dependents == *dependents);
  return 0;
}
