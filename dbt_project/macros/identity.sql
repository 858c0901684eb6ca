{#- How an identifier is written down so that two spellings of it are equal; NULL where it cannot be one. -#}
{% macro normal_email(expression) -%}
    case when {{ expression }} like '%_@_%' then lower(trim({{ expression }})) end
{%- endmacro %}


{% macro normal_handle(expression) -%}
    nullif(lower(trim(leading '@' from trim({{ expression }}))), '')
{%- endmacro %}


{% macro normal_text(expression) -%}
    nullif(trim({{ expression }}), '')
{%- endmacro %}


{#- Digits of the international number (E.164 without the plus). Numbers without a country code get that of the variable
    `phone_country_code`; extensions and the "(0)" of mixed notations are dropped; fewer than 7 or more than 15 digits
    are no number. -#}
{% macro normal_phone(expression) -%}
    {%- set country = var('phone_country_code') -%}
    {%- set bare = replace_all("lower(trim(" ~ expression ~ "))", '[(]0[)]|(x|ext|#).*$', '') -%}
    {%- set digits = replace_all(bare, '[^0-9]', '') -%}
    case
        when {{ expression }} is null or length({{ digits }}) not between 7 and 15 then null
        when {{ bare }} like '+%' then {{ digits }}
        when {{ digits }} like '00%' then substr({{ digits }}, 3)
        when {{ digits }} like '0%' then concat('{{ country }}', substr({{ digits }}, 2))
        when {{ digits }} like '{{ country }}%' and length({{ digits }}) > 11 then {{ digits }}
        else concat('{{ country }}', {{ digits }})
    end
{%- endmacro %}


{#- Left join that finds whom an identifier (already in its normal form) belongs to: `<alias>.customer_key`. With `at`, a
    timestamp, whom it belonged to then: numbers and addresses are passed on. -#}
{% macro left_join_identifier(alias, identifier_type, expression, at=none) -%}
    left join {{ ref('int_identity__identifiers') }} as {{ alias }}
        on
            {{ alias }}.identifier_type = '{{ identifier_type }}'
            and {{ alias }}.identifier = {{ expression }}
            {%- if at %}
            and coalesce({{ alias }}.valid_from, timestamp '0001-01-01 00:00:00') <= {{ at }}
            and coalesce({{ alias }}.valid_to, timestamp '9999-12-31 00:00:00') > {{ at }}
            {%- else %}
            and {{ alias }}.valid_to is null
            {%- endif %}
{%- endmacro %}


{#- Whether the claim behind a link is judged anew tonight. -#}
{% macro link_must_be_recomputed() -%}
    link_id in (
        select link_id
        from {{ ref('int_identity__claims') }}
        {{ filter_to_changed('int_changes__claims', '(identifier_type, identifier)') }}
    )
{%- endmacro %}
