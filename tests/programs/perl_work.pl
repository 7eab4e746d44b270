# SPDX-License-Identifier: MIT
# Honest work for perl: hashes, arrays, strings, a sort, regular expressions.
use strict;
use warnings;

my %count;
my @lines = map { "line $_ of " . ($_ * 7919 % 10007) } 1 .. 20000;
for my $line (@lines) {
	$count{$1}++ if $line =~ /of (\d+)/;
}
my @keys = sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count;
my %tree;
push @{ $tree{ length $_ } }, $_ for @keys;
my $text = join ',', map { scalar @{ $tree{$_} } } sort { $a <=> $b } keys %tree;
$text =~ s/(\d+)/<$1>/g;
print scalar(@keys), " $text\n";
