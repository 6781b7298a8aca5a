#include "server/catalog/cursor.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "schema/core/digest.hpp"

namespace tocsin::catalog {
namespace {

constexpr std::size_t kNonce = 12, kTag = 16, kNumber = 8;
using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

core::Digest derive(core::Digest const& key, std::string_view label) {
  std::array<std::string_view, 1> parts{label};
  return core::hmac_sha256(core::view(key), parts);
}

unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
unsigned char const* bytes(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }

// Numbers of one width, so that the length of a cursor says nothing about how much there is that its holder may not
// see.
void add_number(std::string& text, std::int64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8)
    text += static_cast<char>(static_cast<std::uint64_t>(number) >> shift & 0xFF);
}

std::int64_t take_number(std::string_view& text) {
  std::uint64_t number = 0;
  for (char byte : text.substr(0, kNumber)) number = number << 8 | static_cast<unsigned char>(byte);
  text.remove_prefix(kNumber);
  return static_cast<std::int64_t>(number);
}

}  // namespace

CursorCodec::CursorCodec(core::Digest const& key)
    : encryption_key_(derive(key, "cursor/encryption/v2")), nonce_key_(derive(key, "cursor/nonce/v2")) {}

std::string CursorCodec::seal(Cursor const& cursor) const {
  std::string plain;
  add_number(plain, cursor.collection);
  add_number(plain, cursor.after_sequence);
  plain += cursor.filters;
  // A nonce made from the text itself repeats only with the text, which then has the same ciphertext: nothing is learnt
  // from it.
  std::array<std::string_view, 1> parts{plain};
  core::Digest nonce = core::hmac_sha256(core::view(nonce_key_), parts);
  std::string out(core::view(nonce).substr(0, kNonce));
  out.resize(kNonce + plain.size() + kTag);
  Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int length = 0;
  bool ok = EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, encryption_key_.data(), nonce.data()) == 1 &&
            EVP_EncryptUpdate(context.get(), bytes(out) + kNonce, &length, bytes(std::string_view(plain)),
                              static_cast<int>(plain.size())) == 1 &&
            EVP_EncryptFinal_ex(context.get(), bytes(out) + kNonce + length, &length) == 1 &&
            EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTag, bytes(out) + kNonce + plain.size()) == 1;
  if (!ok) throw std::runtime_error("AES-256-GCM failed");
  return core::to_base64url(out);
}

std::optional<Cursor> CursorCodec::open(std::string_view text) const {
  auto sealed = core::from_base64url(text);
  if (!sealed || sealed->size() < kNonce + kTag) return std::nullopt;
  std::size_t size = sealed->size() - kNonce - kTag;
  std::string plain(size, '\0');
  Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int length = 0;
  unsigned char* in = bytes(*sealed);
  bool ok = EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, encryption_key_.data(), in) == 1 &&
            EVP_DecryptUpdate(context.get(), bytes(plain), &length, in + kNonce, static_cast<int>(size)) == 1 &&
            EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTag, in + kNonce + size) == 1 &&
            EVP_DecryptFinal_ex(context.get(), bytes(plain) + length, &length) == 1;
  if (!ok || size < 2 * kNumber) return std::nullopt;
  Cursor cursor;
  std::string_view rest = plain;
  cursor.collection = take_number(rest);
  cursor.after_sequence = take_number(rest);
  cursor.filters = rest;
  return cursor;
}

}  // namespace tocsin::catalog
