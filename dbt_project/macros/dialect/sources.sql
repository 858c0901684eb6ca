{#- Run before the first model (`on-run-start`). DuckDB reads the lake's Parquet files at the location of each source. On Spark each
    source with a location becomes an external table; those without one are tables of the previous run. -#}
{% macro open_sources() -%} {{ return(adapter.dispatch('open_sources')()) }} {%- endmacro %}

{% macro default__open_sources() -%} {%- endmacro %}

{% macro spark__open_sources() -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'test'] -%}
        {%- for source in graph.sources.values() -%}
            {%- set place = source.meta.external_location | default(source.source_meta.external_location) -%}
            {%- if place -%}
            {%- set folder = render(place).split("'")[1].split('/**')[0] | replace('{name}', source.name) -%}
            {%- do run_query('create database if not exists ' ~ source.schema) -%}
            {%- do run_query(
                'create table if not exists ' ~ source.schema ~ '.' ~ source.name ~ " using parquet options (path '" ~ folder
                ~ "', recursiveFileLookup 'true', mergeSchema 'true')"
            ) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
