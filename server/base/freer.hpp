// Frees what a C library made, for std::unique_ptr: std::unique_ptr<X509, Freer<X509_free>>. Any thread.
#pragma once

namespace tocsin::base {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

}  // namespace tocsin::base
