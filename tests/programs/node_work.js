// SPDX-License-Identifier: MIT
// Honest work for node: code that is compiled while it runs, and allocations from below it.
'use strict';
const crypto = require('crypto');
const zlib = require('zlib');

function hot(values) {
	let sum = 0;
	for (const value of values)
		sum = (sum * 31 + value.charCodeAt(sum % value.length)) % 1000003;
	return sum;
}

const words = [];
for (let i = 0; i < 20000; i++)
	words.push(`word ${i * 7919 % 20011}`);
let total = 0;
for (let round = 0; round < 40; round++)
	total += hot(words);
const text = JSON.stringify(words);
const again = JSON.parse(text).sort();
for (let i = 0; i < 400; i++) {
	const packed = zlib.deflateSync(text.slice(i, i + 2000));
	total += zlib.inflateSync(packed).length;
	total += crypto.createHash('sha256').update(again[i]).digest()[0];
	total += Buffer.alloc(10000 + i).length + new Uint8Array(5000).length;
	total += again[i].match(new RegExp(`w(or)d ${i}?`)) ? 1 : 0;
}
console.log(total, again.length);
