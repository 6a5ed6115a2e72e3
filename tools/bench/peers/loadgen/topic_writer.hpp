#pragma once

#include <librdkafka/rdkafka.h>

#include <string>

#include "tools/bench/peers/loadgen/visits.hpp"

namespace weir::peers {

/// An idempotent producer to one topic, which it makes if it is not there. Records go to the partition of
/// their key by Kafka's default partitioner. What fails throws std::runtime_error.
class topic_writer {
 public:
  topic_writer(const std::string& bootstrap, const std::string& topic, int partitions,
               const std::string& compression);
  ~topic_writer();
  topic_writer(const topic_writer&) = delete;
  topic_writer& operator=(const topic_writer&) = delete;

  /// Waits while the queue is full. Partition -1: the key's.
  void send(const visit_record& r, long timestamp_ms, int partition = -1);
  /// Lets deliveries be reported.
  void poll();
  void flush();

 private:
  void create();
  void check() const;

  rd_kafka_t* client_ = nullptr;
  std::string topic_, failed_;
  int partitions_;
  unsigned long sent_ = 0;
};

}  // namespace weir::peers
