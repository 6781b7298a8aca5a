// A feed's manifest has one form: what parses is what is written. Nothing opens without the signature of the log's key.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/log/checkpoint.hpp"
#include "schema/log/feed_manifest.hpp"

namespace {

using namespace tocsin::log;

void require(bool holds) {
  if (!holds) std::abort();
}

SignerKey const& log_key() {
  static SignerKey const key = SignerKey::make("heron.example/log", KeyType::signature, SigningKey::generate()).value();
  return key;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  require(!open_feed_manifest(bytes, log_key().verifier()));
  auto const manifest = FeedManifest::parse(bytes);
  if (!manifest) return 0;
  require(manifest->text() == bytes && !parse_checkpoint(bytes));
  auto const note = sign_feed_manifest(*manifest, log_key());
  require(note && open_feed_manifest(*note, log_key().verifier()).value() == *manifest);
  return 0;
}
