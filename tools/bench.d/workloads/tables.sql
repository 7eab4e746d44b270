-- Work for sqlite3: rows, an index, sorts, a join, windows, JSON. The same on every run.
PRAGMA temp_store = MEMORY;
CREATE TABLE reading (id INTEGER PRIMARY KEY, station INTEGER, day TEXT, value REAL, note TEXT);
CREATE TABLE station (id INTEGER PRIMARY KEY, name TEXT, region TEXT);

INSERT INTO station
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
SELECT i, printf('station-%03d', i * 271 % 503), char(65 + i % 17) || i % 5 FROM n;

INSERT INTO reading
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120000)
SELECT i, 1 + i * 37 % 500, date('2020-01-01', (i % 900) || ' days'), (i * 7919 % 10007) / 10.0,
	lower(hex(i * 2654435761 % 1000003)) || ' at ' || i FROM n;

CREATE INDEX reading_by_day ON reading (day, station);
SELECT count(*), round(avg(value), 3), max(length(note)) FROM reading;
SELECT region, count(*), round(sum(value), 1) FROM reading
	JOIN station ON station.id = reading.station GROUP BY region ORDER BY 3 DESC LIMIT 5;
SELECT substr(note, 1, 3) AS head, length(group_concat(note)) FROM reading
	GROUP BY head HAVING count(*) > 40 ORDER BY 2 DESC LIMIT 5;
SELECT count(*) FROM (SELECT value - lag(value) OVER (PARTITION BY station ORDER BY day) AS step
	FROM reading WHERE id % 3 = 0) WHERE step > 500;
SELECT length(json_group_array(json_object('day', day, 'value', value, 'note', note)))
	FROM reading WHERE id < 25000;
SELECT count(*) FROM reading WHERE note LIKE '%af%' OR instr(upper(note), 'BEE');
DELETE FROM reading WHERE id % 7 = 0;
UPDATE reading SET note = note || '*' WHERE station % 11 = 0;
SELECT count(DISTINCT note) FROM reading;
