# SPDX-License-Identifier: MIT
# Work for perl: hashes that grow and shrink, regular expressions, a sort. The same on every run.
use strict;
use warnings;

my ( %seen, %recent );
for my $i ( 1 .. 120_000 ) {
	my $word = join '-', $i * 7919 % 10_007, 'x' x ( $i % 29 );
	$seen{$word}++;
	$recent{$i} = [ $word, $i ];
	delete $recent{ $i - 4000 };
}
my %by_length;
push @{ $by_length{ length $_ } }, $_ for keys %seen;
my @sorted = sort { $seen{$b} <=> $seen{$a} || $a cmp $b } keys %seen;
my $text = join ' ', @sorted[ 0 .. 20_000 ];
my $count = () = $text =~ /(\d+)-(x*)\b/g;
$text =~ s/(\d)(\d)/$2$1/g;
print scalar(@sorted), " $count ", length($text), ' ', scalar( keys %by_length ), "\n";
