// What the model says of an image: predict MODEL_FOLDER PHOTO.ppm
// Needs onnxruntime's C++ API and nothing else (CMakeLists.txt finds it); the photo is a binary PPM (magick photo.jpg -auto-orient photo.ppm).
#include <onnxruntime_cxx_api.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

struct Photo {
    int64_t width = 0, height = 0;
    std::vector<uint8_t> rgb;
};

int64_t number_in(std::istream& file) {
    while ((file >> std::ws).peek() == '#') file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    int64_t number = 0;
    file >> number;
    return number;
}

Photo read_ppm(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + " cannot be opened");
    std::string magic;
    Photo photo;
    file >> magic;
    photo.width = number_in(file);
    photo.height = number_in(file);
    const int64_t deepest = number_in(file);
    file.get();
    if (!file || magic != "P6" || deepest != 255 || photo.width < 1 || photo.height < 1 ||
        photo.width > 50'000'000 / photo.height)
        throw std::runtime_error(path + " is no binary PPM of 8 bits and at most 50 megapixels");
    photo.rgb.resize(static_cast<size_t>(photo.width * photo.height * 3));
    if (!file.read(reinterpret_cast<char*>(photo.rgb.data()), static_cast<std::streamsize>(photo.rgb.size())))
        throw std::runtime_error(path + " is cut short");
    return photo;
}

std::vector<std::string> lines_of(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error(path + " cannot be opened");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

int main(int count, char** arguments) try {
    if (count != 3) throw std::runtime_error("usage: predict MODEL_FOLDER PHOTO.ppm");
    const std::string folder = std::string(arguments[1]) + "/";
    Photo photo = read_ppm(arguments[2]);
    const auto names = lines_of(folder + "labels.txt"), thresholds = lines_of(folder + "thresholds.txt");

    Ort::Env environment(ORT_LOGGING_LEVEL_ERROR, "predict");
    const std::string path = folder + "model.onnx";
    Ort::Session session(environment, std::basic_string<ORTCHAR_T>(path.begin(), path.end()).c_str(), Ort::SessionOptions{});
    const int64_t shape[] = {1, photo.height, photo.width, 3};
    const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
    auto image = Ort::Value::CreateTensor<uint8_t>(memory, photo.rgb.data(), photo.rgb.size(), shape, 4);
    Ort::AllocatorWithDefaultOptions allocator;
    const auto strangest = session.GetModelMetadata().LookupCustomMetadataMapAllocated("unknown_threshold", allocator);
    const char *inputs[] = {"image"}, *outputs[] = {"probabilities", "unknown"};
    auto found = session.Run(Ort::RunOptions{nullptr}, inputs, &image, 1, outputs, strangest ? 2 : 1);

    const float* shares = found[0].GetTensorData<float>();
    std::vector<size_t> order(found[0].GetTensorTypeAndShapeInfo().GetElementCount());
    if (names.size() != order.size() || thresholds.size() != order.size())
        throw std::runtime_error("labels.txt and thresholds.txt do not belong to this model");
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return shares[a] > shares[b]; });
    if (strangest && !(found[1].GetTensorData<float>()[0] <= std::stof(strangest.get()))) std::puts("unknown");
    if (shares[order[0]] < std::stof(thresholds[order[0]])) std::puts("unsure");
    for (size_t rank = 0; rank < std::min<size_t>(order.size(), 5); ++rank)
        std::printf("%s %.4f\n", names[order[rank]].c_str(), shares[order[rank]]);
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
