-- A second or two of honest work for sqlite3: tables, indexes, sorts, joins, text, a trigger, and
-- caches that fill and are let go. The same heap calls on every run.
PRAGMA temp_store = MEMORY;

CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL, born INTEGER);
CREATE TABLE book (id INTEGER PRIMARY KEY, author INTEGER REFERENCES author (id), title TEXT,
	pages INTEGER, blurb BLOB);
CREATE TABLE audit (what TEXT, n INTEGER);
CREATE TRIGGER book_gone AFTER DELETE ON book BEGIN
	INSERT INTO audit VALUES (old.title, old.pages);
END;

INSERT INTO author
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
SELECT i, 'author ' || printf('%06d', i * 7919 % 2003), 1800 + i % 200 FROM n;

INSERT INTO book
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
SELECT i, 1 + i * 31 % 2000, 'title ' || hex(i * 2654435761 % 4294967296), i % 977,
	zeroblob(i % 61) FROM n;

CREATE INDEX book_by_author ON book (author, pages);
CREATE INDEX book_by_title ON book (title COLLATE NOCASE);

SELECT count(*), sum(pages), max(length(title)) FROM book;
SELECT name, count(*) AS books, sum(pages) FROM book JOIN author ON author.id = book.author
	GROUP BY author.id ORDER BY books DESC, name LIMIT 5;
SELECT count(DISTINCT title), count(DISTINCT pages) FROM book;
SELECT length(group_concat(title, ', ')) FROM book;
SELECT a.title FROM book a JOIN book b ON b.title = lower(a.title) OR b.id = a.pages
	WHERE a.id < 20 ORDER BY a.title DESC LIMIT 3;
WITH ranked AS (
	SELECT author, pages, row_number() OVER (PARTITION BY author ORDER BY pages DESC) AS place
	FROM book)
SELECT sum(pages) FROM ranked WHERE place <= 3;

DELETE FROM book WHERE pages % 3 = 0;
UPDATE book SET title = upper(title) || '!' WHERE pages % 5 = 0;
SELECT count(*), sum(n) FROM audit;
VACUUM;
DROP TABLE audit;
SELECT count(*), sum(length(title)) FROM book;
