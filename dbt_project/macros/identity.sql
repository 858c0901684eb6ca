{#- SQL text: an e-mail address in its normal form, so that different spellings are equal; NULL where it is not an address. -#}
{% macro normal_email(expression) -%}
    case when {{ expression }} like '%_@_%' then lower(trim({{ expression }})) end
{%- endmacro %}


{#- SQL text: a social handle in lower case without @; NULL where it is empty. -#}
{% macro normal_handle(expression) -%}
    nullif(lower(trim(leading '@' from trim({{ expression }}))), '')
{%- endmacro %}


{#- SQL text: trimmed; NULL where it is empty. -#}
{% macro normal_text(expression) -%}
    nullif(trim({{ expression }}), '')
{%- endmacro %}


{#- SQL text: digits of the international phone number (E.164 without the plus). Numbers without a country code get that of the
    variable `phone_country_code`; extensions and the "(0)" of mixed notations are dropped; NULL below 7 or above 15 digits. -#}
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


{#- `left join` that gives `<alias>.customer_key`, the current owner of an identifier in its normal form. With `at`, a timestamp:
    the owner at that time, because phone numbers and addresses are passed on. -#}
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


{#- SQL boolean: whether the claim behind a link is recomputed in this incremental run. -#}
{% macro link_must_be_recomputed() -%}
    link_id in (
        select link_id
        from {{ ref('int_identity__claims') }}
        {{ filter_to_changed('int_changes__claims', '(identifier_type, identifier)') }}
    )
{%- endmacro %}
