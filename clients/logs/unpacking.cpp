#include "clients/logs/unpacking.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>

namespace tocsin::logs {

class Unpacking::Unpacker {
 public:
  virtual ~Unpacker() = default;
  // False: it is damaged.
  [[nodiscard]] virtual bool feed(std::string_view piece, Take const& take) = 0;
  [[nodiscard]] virtual bool whole() const = 0;  // so far
  [[nodiscard]] virtual std::string_view name() const = 0;
};

namespace {

constexpr std::size_t kPiece = 64u << 10, kHead = 4;

class Gzip final : public Unpacking::Unpacker {
 public:
  Gzip() {
    constexpr int kWithHeader = 15 + 16;
    if (::inflateInit2(&stream_, kWithHeader) != Z_OK) throw std::bad_alloc();
  }
  ~Gzip() override { ::inflateEnd(&stream_); }
  Gzip(Gzip const&) = delete;
  Gzip& operator=(Gzip const&) = delete;

  bool feed(std::string_view piece, Unpacking::Take const& take) override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(piece.size());
    do {
      if (between_ && !begin_member()) return true;
      stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
      stream_.avail_out = static_cast<uInt>(out_.size());
      auto const done = ::inflate(&stream_, Z_NO_FLUSH);
      if (done != Z_OK && done != Z_STREAM_END && done != Z_BUF_ERROR) return false;
      take({out_.data(), out_.size() - stream_.avail_out});
      between_ = done == Z_STREAM_END;
    } while (stream_.avail_in > 0 || stream_.avail_out == 0);
    return true;
  }
  [[nodiscard]] bool whole() const override { return between_; }
  [[nodiscard]] std::string_view name() const override { return "gzip"; }

 private:
  // Members stand behind each other, and zeros behind the last of them where a tape was filled. False: there is none
  // yet.
  bool begin_member() {
    for (; stream_.avail_in > 0 && *stream_.next_in == 0; ++stream_.next_in) --stream_.avail_in;
    if (stream_.avail_in == 0) return false;
    ::inflateReset(&stream_);
    between_ = false;
    return true;
  }

  z_stream stream_{};
  bool between_ = false;  // the end of a member, and the beginning of the next
  std::array<char, kPiece> out_{};
};

class Zstd final : public Unpacking::Unpacker {
 public:
  Zstd() : context_(::ZSTD_createDCtx()) {
    if (context_ == nullptr) throw std::bad_alloc();
  }
  ~Zstd() override { ::ZSTD_freeDCtx(context_); }
  Zstd(Zstd const&) = delete;
  Zstd& operator=(Zstd const&) = delete;

  // A window of more than 128 MiB is refused by the library.
  bool feed(std::string_view piece, Unpacking::Take const& take) override {
    ::ZSTD_inBuffer in{piece.data(), piece.size(), 0};
    bool full = true;
    while (in.pos < in.size || full) {
      ::ZSTD_outBuffer out{out_.data(), out_.size(), 0};
      auto const left = ::ZSTD_decompressStream(context_, &out, &in);
      if (::ZSTD_isError(left) != 0) return false;
      take({out_.data(), out.pos});
      full = out.pos == out.size;
      if (in.pos > 0 || out.pos > 0) whole_ = left == 0;
    }
    return true;
  }
  [[nodiscard]] bool whole() const override { return whole_; }
  [[nodiscard]] std::string_view name() const override { return "Zstandard"; }

 private:
  ::ZSTD_DCtx* context_;
  bool whole_ = false;
  std::array<char, kPiece> out_{};
};

std::unique_ptr<Unpacking::Unpacker> unpacker_for(std::string_view head) {
  if (head.starts_with("\x1f\x8b")) return std::make_unique<Gzip>();
  bool const skipped =
      head.size() == kHead && (static_cast<unsigned char>(head[0]) & 0xf0) == 0x50 && head.ends_with("\x2a\x4d\x18");
  if (head == "\x28\xb5\x2f\xfd" || skipped) return std::make_unique<Zstd>();
  return nullptr;
}

}  // namespace

Unpacking::Unpacking() = default;
Unpacking::~Unpacking() = default;
Unpacking::Unpacking(Unpacking&&) noexcept = default;
Unpacking& Unpacking::operator=(Unpacking&&) noexcept = default;

void Unpacking::feed(std::string_view piece, Take const& take) {
  if (!begun_) {
    auto const more = std::min(kHead - head_.size(), piece.size());
    head_ += piece.substr(0, more);
    piece.remove_prefix(more);
    if (head_.size() < kHead) return;
    begin(take);
  }
  if (piece.empty() || damaged_) return;
  if (unpacker_ == nullptr) return take(piece);
  damaged_ = !unpacker_->feed(piece, take);
}

void Unpacking::begin(Take const& take) {
  begun_ = true;
  unpacker_ = unpacker_for(head_);
  if (unpacker_ != nullptr)
    damaged_ = !unpacker_->feed(head_, take);
  else if (!head_.empty())
    take(head_);
}

core::Result<void> Unpacking::finish(Take const& take) {
  if (!begun_) begin(take);
  if (unpacker_ == nullptr || (!damaged_ && unpacker_->whole())) return {};
  return core::fail(core::Code::bad_request,
                    "Its " + std::string(unpacker_->name()) + (damaged_ ? " data is damaged." : " data has no end."),
                    "", "Get the whole of it; what came before was read.");
}

}  // namespace tocsin::logs
