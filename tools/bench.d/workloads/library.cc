/* SPDX-License-Identifier: MIT */
/* Work for a C++ compiler: heavy headers, and a use of each that makes it instantiate them. */
#include <algorithm>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <regex>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

using record = std::map<std::string, std::string>;

static std::vector<record> parsed(std::istream &in)
{
	static const std::regex field("([a-z]+)=([0-9]+|\"[^\"]*\")");
	std::vector<record> records;

	for (std::string line; std::getline(in, line);) {
		record one;

		for (std::sregex_iterator at(line.begin(), line.end(), field), end; at != end; ++at)
			one.emplace((*at)[1], (*at)[2].str());
		records.push_back(std::move(one));
	}
	return records;
}

int main(int argc, char **argv)
{
	std::unordered_map<std::string, std::shared_ptr<record>> index;
	std::function<bool(const record &, const record &)> before =
		[](const record &a, const record &b) { return a.size() < b.size(); };
	std::istringstream in(argc > 1 ? argv[1] : "name=\"x\" size=12");
	std::vector<record> records = parsed(in);

	std::stable_sort(records.begin(), records.end(), before);
	for (const record &one : records)
		for (const auto &[name, what] : one)
			index.emplace(name + '=' + what, std::make_shared<record>(one));
	std::cout << std::accumulate(
			     records.begin(), records.end(), std::size_t{0},
			     [](std::size_t sum, const record &one) { return sum + one.size(); })
		  << ' ' << index.size() << '\n';
	return 0;
}
