#include "server/match/folder.hpp"

namespace tocsin::match {

Folder::Folder(Engine& engine, When when) : engine_(engine), when_(when), thread_([this] { loop(); }) {}

Folder::~Folder() {
  {
    std::scoped_lock const lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Folder::apply(std::span<Change const> changes, std::int64_t sequence) {
  if (engine_.apply(changes, sequence) < when_.most) return;
  {
    std::scoped_lock const lock(mutex_);
    much_ = true;
  }
  wake_.notify_one();
}

void Folder::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait_for(lock, when_.oldest, [this] { return much_ || stopping_; });
    if (stopping_) return;
    much_ = false;
    lock.unlock();
    engine_.fold();
    lock.lock();
  }
}

}  // namespace tocsin::match
