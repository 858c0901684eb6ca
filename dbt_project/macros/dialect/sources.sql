{#- What has to be there before the first model. DuckDB reads the lake's Parquet where the sources say; Spark is told of
    every source as an external table (`on-run-start`). -#}
{% macro open_sources() -%} {{ return(adapter.dispatch('open_sources')()) }} {%- endmacro %}

{% macro default__open_sources() -%} {%- endmacro %}

{% macro spark__open_sources() -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'test'] -%}
        {%- for source in graph.sources.values() -%}
            {%- set place = source.meta.external_location | default(source.source_meta.external_location) -%}
            {%- set folder = render(place).split("'")[1].split('/**')[0] | replace('{name}', source.name) -%}
            {%- do run_query('create database if not exists ' ~ source.schema) -%}
            {%- do run_query(
                'create table if not exists ' ~ source.schema ~ '.' ~ source.name ~ " using parquet options (path '" ~ folder
                ~ "', recursiveFileLookup 'true', mergeSchema 'true')"
            ) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
