with final as (
    {% for source_name, table_name in landed_tables() -%}
    {{ row_account(source_name, table_name) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from final
