import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka's own producer: arguments are the broker and the compression; a line is topic, key, value (both base64), and headers as name=value. */
public class Produce {
  public static void main(String[] arguments) throws Exception {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", arguments[0]);
    properties.put("compression.type", arguments[1]);
    properties.put("acks", "all");
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, "UTF-8"))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] parts = line.split("\t");
        byte[] key = Base64.getDecoder().decode(parts[1]);
        ProducerRecord<byte[], byte[]> one =
            new ProducerRecord<>(parts[0], key.length == 0 ? null : key, Base64.getDecoder().decode(parts[2]));
        for (int index = 3; index < parts.length; index++) {
          String[] header = parts[index].split("=", 2);
          one.headers().add(header[0], header[1].getBytes("UTF-8"));
        }
        sent.add(producer.send(one));
      }
      for (Future<RecordMetadata> each : sent) each.get();
    }
    System.out.println(sent.size());
  }
}
